import { describe, expect, it } from 'vitest';
import { chargeCost, dayOf, resourceCost } from '../cost.ts';
import type { Charge } from './charge.ts';
import { BILL_EVENTS } from './events.ts';
import { BILL_NOW, BILL_START, generateBill } from './generate-bill.ts';

const bill = generateBill({ size: 150 });

function sum(charges: readonly Charge[], pick: (charge: Charge) => bigint): bigint {
  return charges.reduce((total, charge) => total + pick(charge), 0n);
}

function within(start: string, end: string): Charge[] {
  return bill.charges.filter(({ chargePeriodStart }) => chargePeriodStart >= start && chargePeriodStart < end);
}

const ofPlan = bill.charges.filter(({ commitmentDiscountId }) => commitmentDiscountId === BILL_EVENTS.savingsPlan.id);
const ofReservation = bill.charges.filter(({ commitmentDiscountId }) => commitmentDiscountId === BILL_EVENTS.reservation.id);

describe('generateBill', () => {
  it('is the same for the same seed, and another for another', () => {
    const small = (seed: number) => generateBill({ size: 30, seed, start: '2026-11-01' }).charges;
    expect(small(1)).toEqual(small(1));
    expect(small(1)).not.toEqual(small(2));
  });

  it('has 13 months, up to a day that is not over', () => {
    expect(bill.charges.at(0)?.chargePeriodStart).toBe(BILL_START);
    expect(bill.charges.at(-1)?.chargePeriodStart).toBe(BILL_NOW.slice(0, 10));
    const [yesterday, today] = ['2026-11-16', '2026-11-17'].map((day) =>
      sum(
        bill.charges.filter((charge) => charge.chargePeriodStart === day),
        ({ listCost }) => listCost,
      ),
    );
    expect(Number(today) / Number(yesterday)).toBeLessThan(0.5);
  });

  it('contains what the resources of the organization cost, at list prices', () => {
    const { resources } = bill.organization;
    const [start, end] = ['2026-10-01', '2026-11-01'];
    for (const resource of resources.slice(0, 60)) {
      const id = [resource.id, resource.arn];
      const own = within(start, end).filter(({ resourceId }) => resourceId !== undefined && id.includes(resourceId));
      expect(sum(own, ({ listCost }) => listCost)).toBe(BigInt(resourceCost(resource, dayOf(start), dayOf(end))));
    }
  });

  it('contains what is charged beside them', () => {
    const tax = within('2026-10-01', '2026-11-01').filter(({ chargeCategory }) => chargeCategory === 'Tax');
    const expected = bill.organization.sharedCharges
      .filter(({ recordType }) => recordType === 'Tax')
      .reduce((total, charge) => total + chargeCost(charge, dayOf('2026-10-01'), dayOf('2026-11-01')), 0n);
    expect(sum(tax, ({ billedCost }) => billedCost)).toBe(expected);
  });

  it('spreads what the Savings Plan costs over the usage that it covers, and the rest is unused', () => {
    expect(sum(ofPlan, ({ effectiveCost }) => effectiveCost)).toBe(sum(ofPlan, ({ billedCost }) => billedCost));
    expect(ofPlan.some(({ commitmentDiscountStatus }) => commitmentDiscountStatus === 'Used')).toBe(true);
    expect(ofPlan.every(({ chargePeriodStart }) => chargePeriodStart >= BILL_EVENTS.savingsPlan.start)).toBe(true);
  });

  it('has a reservation that is used until its database is deleted', () => {
    const { start, unusedFrom } = BILL_EVENTS.reservation;
    const usage = ofReservation.filter(({ chargeCategory }) => chargeCategory === 'Usage');
    for (const charge of usage) expect(charge.commitmentDiscountStatus).toBe(charge.chargePeriodStart < unusedFrom ? 'Used' : 'Unused');
    const whole = ofReservation.filter(({ chargePeriodStart }) => chargePeriodStart >= start && chargePeriodStart < '2026-11-01');
    expect(sum(whole, ({ effectiveCost }) => effectiveCost)).toBe(sum(whole, ({ billedCost }) => billedCost));
  });

  it('has the spike, the anomaly, credits and refunds of its events', () => {
    const daily = (resourceId: string, day: string) =>
      sum(
        bill.charges.filter((charge) => charge.resourceId === resourceId && charge.chargePeriodStart === day),
        ({ listCost }) => listCost,
      ) / 10_000_000_000n;
    expect([daily(BILL_EVENTS.spike.resourceId, '2026-10-18'), daily(BILL_EVENTS.spike.resourceId, '2026-10-19')]).toEqual([3n, 96n]);
    expect(daily(BILL_EVENTS.anomaly.resourceId, '2026-11-11')).toBe(64n);
    const trial = bill.charges.filter(({ serviceName }) => serviceName === BILL_EVENTS.creditedTrial.serviceName);
    expect(sum(trial, ({ billedCost }) => billedCost)).toBe(0n);
    expect(bill.charges.filter(({ chargeCategory, billedCost }) => chargeCategory === 'Usage' && billedCost < 0n)).toHaveLength(2);
  });
});
