/** The pages for people, in a scope of their own: their headers and their forms are nobody else's. */
import type { FastifyInstance } from 'fastify';
import { addPageHeaders } from '../page-headers.ts';
import { addForms } from '../page-sessions.ts';
import { addAccountRoutes } from './accounts.ts';
import { addDecision } from './approvals.ts';
import { addAppsPage } from './apps.ts';
import { addAssets } from './assets.ts';
import { addAuditPage } from './audit.ts';
import { addAuditExport } from './audit-export.ts';
import { addChangesFile } from './changes-file.ts';
import { addDenials } from './denials.ts';
import { addDownloads } from './downloads.ts';
import { addHome } from './home.ts';
import { addJobsPage } from './jobs.ts';
import { addListPages } from './lists.ts';
import { addNoticesPage } from './notices.ts';
import { addOperationPages } from './operations.ts';
import { addPackPages } from './pack-pages.ts';
import type { PageParts } from './parts.ts';
import { addReverts } from './reverts.ts';
import { addSentNoticesPage } from './sent-notices.ts';
import { addWaitingPage } from './waiting.ts';

export const registerPages = async (app: FastifyInstance, parts: PageParts): Promise<void> => {
  await app.register(async (scope) => {
    addPageHeaders(scope);
    await addForms(scope);
    addAssets(scope, parts.composition.stylesheet);
    addHome(scope, parts);
    addListPages(scope, parts);
    addOperationPages(scope, parts);
    addWaitingPage(scope, parts);
    addDenials(scope, parts);
    addChangesFile(scope, parts);
    addDecision(scope, parts);
    addReverts(scope, parts);
    addAuditPage(scope, parts);
    addAuditExport(scope, parts);
    addAppsPage(scope, parts);
    addJobsPage(scope, { ...parts.jobs, pages: parts.pages });
    addAccountRoutes(scope, parts);
    addDownloads(scope, { ...parts.downloads, pages: parts.pages });
    addNoticesPage(scope, parts);
    addSentNoticesPage(scope, parts);
    addPackPages(scope, parts, parts.composition.pages);
  });
};
