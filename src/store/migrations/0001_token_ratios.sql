CREATE TABLE `token_ratios` (
	`model` text NOT NULL,
	`dialect` text NOT NULL,
	`mean` real NOT NULL,
	`variance` real NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`model`, `dialect`)
);
