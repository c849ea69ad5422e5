export { createPageBudget, type DailyLimit, type PageBudget, type PageTable, priceOf } from './page-budget.ts';
export { pagesOf } from './pages-of.ts';
export { type Ask, createPaidReader, type PaidQuery, type PaidReader, type Priced, type RequireLeft } from './paid-reader.ts';
