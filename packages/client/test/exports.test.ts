import * as websocket from '@dimp/client/websocket';
import { expect, it } from '@jest/globals';

it('offers these names', () => {
  expect(Object.keys(websocket).sort()).toEqual(['StationIdentityError', 'StationTransport']);
});
