import { describe, expect, test } from 'bun:test';
import type { AdminError } from '../../../src/admin/admin-error.ts';
import { createServiceAdmin } from '../../../src/admin/service.ts';
import { openOwner } from '../../support/owner.ts';

function open() {
  const owner = openOwner();
  const service = createServiceAdmin({ accounts: owner.pool.snapshot, address: () => 'http://127.0.0.1:8045' });
  return { ...owner, service };
}

function refusal(action: () => unknown): AdminError {
  try {
    action();
  } catch (thrown) {
    return thrown as AdminError;
  }
  throw new Error('nothing was refused');
}

describe('createServiceAdmin', () => {
  test('runs from the start, whatever the pool', () => {
    const { service } = open();
    expect(service.get()).toEqual({ state: 'running', address: 'http://127.0.0.1:8045', active_accounts: 0 });
  });

  test('stops and starts again', () => {
    const { service, admin } = open();
    admin.create({ name: 'demo', provider: 'echo' });
    expect(service.stop()).toMatchObject({ state: 'stopped', active_accounts: 1 });
    expect(service.isRunning()).toBe(false);
    expect(service.start().state).toBe('running');
    expect(service.start().state).toBe('running');
    expect(service.isRunning()).toBe(true);
  });

  test('is not started with an empty pool, and says what to do', () => {
    const { service } = open();
    service.stop();
    const error = refusal(service.start);
    expect([error.code, error.status]).toEqual(['no_accounts', 409]);
    expect(error.message).toContain('Add an account first');
    expect(service.isRunning()).toBe(false);
  });

  test('is not started when all accounts are switched off', () => {
    const { service, admin } = open();
    admin.create({ name: 'demo', provider: 'echo', enabled: false });
    service.stop();
    expect(refusal(service.start).message).toContain('Switch an account on');
  });
});
