CREATE TABLE `account_states` (
	`account` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`saved_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`provider` text NOT NULL,
	`sealed` text NOT NULL,
	`base_url` text,
	`models` text NOT NULL,
	`models_fixed` integer NOT NULL,
	`dialects` text NOT NULL,
	`enabled` integer NOT NULL,
	`priority` real NOT NULL,
	`weight` real NOT NULL,
	`max_concurrent` integer,
	`reserve_percent` real,
	`budget` text,
	`note` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_name_unique` ON `accounts` (`name`);--> statement-breakpoint
CREATE TABLE `aliases` (
	`position` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`targets` text NOT NULL,
	`strict` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `aliases_name_unique` ON `aliases` (`name`);--> statement-breakpoint
CREATE TABLE `exchange_bodies` (
	`exchange` text PRIMARY KEY NOT NULL,
	`request` text,
	`answer` text
);
--> statement-breakpoint
CREATE TABLE `exchanges` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`dialect` text NOT NULL,
	`path` text NOT NULL,
	`client` text NOT NULL,
	`client_key` text,
	`model_asked` text NOT NULL,
	`model_served` text,
	`account` text,
	`status` integer NOT NULL,
	`verdict` text,
	`error` text,
	`streamed` integer NOT NULL,
	`first_content_ms` integer,
	`duration_ms` integer NOT NULL,
	`finish` text,
	`hint` text,
	`usage` text,
	`losses` text NOT NULL,
	`attempts` text NOT NULL,
	`size` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `exchanges_at` ON `exchanges` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `exchanges_account` ON `exchanges` (`account`,`at`);--> statement-breakpoint
CREATE TABLE `facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`sealed` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage_hours` (
	`hour` integer NOT NULL,
	`account` text NOT NULL,
	`model` text NOT NULL,
	`client_key` text NOT NULL,
	`dialect` text NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`input` integer NOT NULL,
	`cache_read` integer NOT NULL,
	`cache_write` integer NOT NULL,
	`output` integer NOT NULL,
	`reasoning` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	PRIMARY KEY(`hour`, `account`, `model`, `client_key`, `dialect`)
);
