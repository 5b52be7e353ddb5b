import type { FileService } from '../files/file-service.js';
import type { HttpHandler } from '../framings/http-handler.js';
import { adminRoutes } from './admin.js';
import { type OperationsParts, operationsRoutes } from './operations.js';
import { createRouter } from './router.js';
import type { StationControl } from './station-control.js';

/** What a station answers by HTTP. */
export interface StationHttpParts extends OperationsParts {
  readonly control: StationControl;
  /** What admin requests must carry. */
  readonly adminToken: string;
  /** Absent for a station without files. */
  readonly files?: Pick<FileService, 'routes'>;
  /** Told of failures of the station itself. */
  readonly onError: (error: unknown) => void;
}

/** The handler of everything that is no upgrade. */
export function stationHttp(parts: StationHttpParts): HttpHandler {
  const { control, adminToken, files, onError } = parts;
  // files last: their oldest paths begin with an ID and so fit anything
  const routes = [...operationsRoutes(parts), ...adminRoutes(control, adminToken), ...(files?.routes ?? [])];
  return createRouter(routes, onError);
}
