/** The numbers of contents (v1.md 8.1). */
export const ContentType = {
  unknown: 0x00,
  text: 0x01,
  file: 0x10,
  image: 0x12,
  audio: 0x14,
  video: 0x16,
  page: 0x20,
  quote: 0x37,
  money: 0x40,
  transfer: 0x41,
  luckyMoney: 0x42,
  claimPayment: 0x48,
  splitBill: 0x49,
  command: 0x88,
  history: 0x89,
  forward: 0xff,
} as const;
