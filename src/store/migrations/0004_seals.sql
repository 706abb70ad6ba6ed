CREATE TABLE `seals` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`used_at` integer NOT NULL
);
