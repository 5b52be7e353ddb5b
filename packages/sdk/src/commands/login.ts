import type { JsonObject } from '@dimp/crypto';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
} from '@dimp/dkd';
import { type ID, parseID } from '@dimp/mkm';

/** What a login says beside who and when. */
export interface LoginMembers {
  /** Which device. */
  readonly device?: string;
  /** Which program. */
  readonly agent?: string;
  /** `{ ID, host, port }` of the station, as it stands on the wire. */
  readonly station?: JsonObject;
  /** `{ ID }` of the service provider. */
  readonly provider?: JsonObject;
}

/** Where a user can be reached. `time` in the head says since when. */
export interface LoginCommand extends CommandHead, LoginMembers {
  readonly kind: 'login-command';
  readonly id?: ID;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'login-command': LoginCommand;
  }
}

/** Wire: `{ type: 136, command: "login", ID, time, device?, agent?, station?, provider? }`; also read: `did` for `ID`. */
export const loginCommand: CommandDefinition<LoginCommand> = {
  code: 'login',
  parse(reader, context) {
    const id = reader.value(reader.has('did') ? 'did' : 'ID');
    const device = reader.optionalText('device');
    const agent = reader.optionalText('agent');
    const station = reader.optionalObject('station');
    const provider = reader.optionalObject('provider');
    return {
      kind: 'login-command',
      ...(id !== undefined && { id: parseID(id, context, reader.at('ID')) }),
      ...loginMembers({
        ...(device !== undefined && { device }),
        ...(agent !== undefined && { agent }),
        ...(station && { station }),
        ...(provider && { provider }),
      }),
    };
  },
  format: command => ({ ...(command.id && { ID: command.id.text }), ...loginMembers(command) }),
};

/** Says where a user can be reached. `time` is in seconds: since when. */
export function createLogin(
  id: ID,
  options: LoginMembers & ContentOptions & { readonly time: number },
): LoginCommand {
  return {
    ...createHead(ContentType.command, options),
    kind: 'login-command',
    command: 'login',
    id,
    ...loginMembers(options),
  };
}

function loginMembers({ device, agent, station, provider }: LoginMembers): LoginMembers & JsonObject {
  return {
    ...(device !== undefined && { device }),
    ...(agent !== undefined && { agent }),
    ...(station && { station }),
    ...(provider && { provider }),
  };
}
