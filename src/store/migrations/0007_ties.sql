CREATE TABLE `ties` (
	`key` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`expires_at` integer NOT NULL
);
