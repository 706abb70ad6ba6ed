CREATE TABLE `client_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`models` text NOT NULL,
	`requests_per_minute` integer,
	`tokens_per_minute` integer,
	`budget` text,
	`expires_at` integer,
	`enabled` integer NOT NULL,
	`note` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `client_keys_name_unique` ON `client_keys` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `client_keys_hash_unique` ON `client_keys` (`hash`);--> statement-breakpoint
ALTER TABLE `exchanges` ADD `cost` integer;--> statement-breakpoint
ALTER TABLE `usage_hours` ADD `cost` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_hours` ADD `priced` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_hours` ADD `estimated` integer DEFAULT 0 NOT NULL;