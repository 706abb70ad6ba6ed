DROP INDEX `exchanges_at`;--> statement-breakpoint
DROP INDEX `exchanges_account`;