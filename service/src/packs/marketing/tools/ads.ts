/** The tools of Google Ads. */
import type { Tool } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { addKeywords } from './add-keywords.ts';
import { addNegativeKeywords } from './add-negative-keywords.ts';
import { createBudget } from './create-budget.ts';
import { createCampaign } from './create-campaign.ts';
import { getCampaignPerformance } from './get-campaign-performance.ts';
import { getKeywordPerformance } from './get-keyword-performance.ts';
import { getSearchTermsReport } from './get-search-terms-report.ts';
import { listAccessibleAccounts } from './list-accessible-accounts.ts';
import { listBudgets } from './list-budgets.ts';
import { listCampaigns } from './list-campaigns.ts';
import { updateBudget } from './update-budget.ts';
import { updateCampaignStatus } from './update-campaign-status.ts';

export const adsTools = (world: Marketing): readonly Tool[] => [
  listAccessibleAccounts(world),
  listCampaigns(world),
  getCampaignPerformance(world),
  getSearchTermsReport(world),
  listBudgets(world),
  getKeywordPerformance(world),
  addKeywords(world),
  addNegativeKeywords(world),
  createCampaign(world),
  updateBudget(world),
  createBudget(world),
  updateCampaignStatus(world),
];
