import type { FileService } from '../files/file-service.js';
import type { HttpHandler } from '../framings/http-handler.js';
import { type OperationsParts, operationsRoutes } from './operations.js';
import { createRouter, type Route } from './router.js';

/** What a station answers by HTTP. */
export interface StationHttpParts extends OperationsParts {
  /** Paths beside those of the station, as those of the `dims` commands. */
  readonly routes?: readonly Route[] | undefined;
  /** Absent for a station without files. */
  readonly files?: Pick<FileService, 'routes'> | undefined;
  /** Told of failures of the station itself. */
  readonly onError: (error: unknown) => void;
}

/** The handler of everything that is no upgrade. */
export function stationHttp(parts: StationHttpParts): HttpHandler {
  const { routes = [], files, onError } = parts;
  // files last: their oldest paths begin with an ID and so fit anything
  return createRouter([...operationsRoutes(parts), ...routes, ...(files?.routes ?? [])], onError);
}
