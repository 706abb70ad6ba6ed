CREATE TABLE `response_origins` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`model` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `responses` (
	`id` text PRIMARY KEY NOT NULL,
	`used_at` integer NOT NULL,
	`size` integer NOT NULL,
	`item_ids` text NOT NULL,
	`input` text NOT NULL,
	`response` text NOT NULL
);
