import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** The kinds of content that speak of money. */
export type MoneyKind = 'money' | 'transfer' | 'lucky-money' | 'claim-payment' | 'split-bill';

const moneyTypes: { readonly [kind in MoneyKind]: number } = {
  money: ContentType.money,
  transfer: ContentType.transfer,
  'lucky-money': ContentType.luckyMoney,
  'claim-payment': ContentType.claimPayment,
  'split-bill': ContentType.splitBill,
};

/** Money that is spoken of. The protocol moves none: what it means is agreed between the applications. */
export interface MoneyContent extends ContentHead {
  readonly kind: MoneyKind;
  /** Such as `CNY`. */
  readonly currency?: string;
  readonly amount?: number;
}

declare module '../content.js' {
  interface ContentKinds {
    money: MoneyContent;
  }
}

/** Wire: `{ type: 64, sn, currency?, amount? }`, and the numbers 65, 66, 72 and 73. */
export const moneyContent: ContentDefinition<MoneyContent> = {
  code: ContentType.money,
  aliases: [ContentType.transfer, ContentType.luckyMoney, ContentType.claimPayment, ContentType.splitBill],
  parse(reader, _context, { type }) {
    const currency = reader.optionalText('currency');
    const amount = reader.optionalNumber('amount');
    return {
      kind: kindOf(type),
      ...(currency !== undefined && { currency }),
      ...(amount !== undefined && { amount }),
    };
  },
  format: ({ currency, amount }) => ({
    ...(currency !== undefined && { currency }),
    ...(amount !== undefined && { amount }),
  }),
};

/** Money to speak of. `currency` is such as `CNY`. */
export function createMoney(
  kind: MoneyKind,
  currency: string,
  amount: number,
  options: ContentOptions = {},
): MoneyContent {
  return { ...createHead(moneyTypes[kind], options), kind, currency, amount };
}

function kindOf(type: number): MoneyKind {
  const names = Object.keys(moneyTypes) as MoneyKind[];
  return names.find(name => moneyTypes[name] === type) ?? 'money';
}
