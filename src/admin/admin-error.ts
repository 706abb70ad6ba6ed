/** What of an admin error a program can act on. */
export interface AdminErrorDetail {
  /** The field of the request that is wrong: `credential.api_key`. */
  readonly field?: string;
  /** HTTP status. */
  readonly status: number;
}

/** An owner's wish that cannot be met. The message is a sentence for people and holds no secret. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly field?: string;
  readonly status: number;

  constructor(
    /** For programs: `wrong_field`, `not_found`, `name_taken` … */
    readonly code: string,
    message: string,
    detail: AdminErrorDetail,
  ) {
    super(message);
    this.status = detail.status;
    if (detail.field !== undefined) this.field = detail.field;
  }

  /** The body that the admin API answers with. */
  toJSON(): { readonly error: { readonly code: string; readonly message: string; readonly field?: string } } {
    const { code, message, field } = this;
    return { error: { code, message, ...(field === undefined ? {} : { field }) } };
  }
}

/** A field with a value that is not allowed; `allowed` completes "must be …". */
export function wrongField(field: string, allowed: string): AdminError {
  return new AdminError('wrong_field', `${field} must be ${allowed}.`, { field, status: 400 });
}

/** A field that has to be there. */
export function missingField(field: string): AdminError {
  return new AdminError('missing_field', `${field} is missing.`, { field, status: 400 });
}

/** A field that nobody reads; most often a slip in its name. */
export function unknownField(field: string, known: readonly string[]): AdminError {
  return new AdminError('unknown_field', `${field} is not known here; known are ${known.join(', ')}.`, {
    field,
    status: 400,
  });
}

/** Something that is not there (any more). */
export function notFound(what: string): AdminError {
  return new AdminError('not_found', `There is no ${what}.`, { status: 404 });
}
