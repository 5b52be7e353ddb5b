/** What the help says below the options. */
export const notes = `
Where options come from
  A flag counts before the variable of the environment in brackets, that before the file
  of --config, and that before the default. In the file options have their names in one
  word: { "port": 9395, "messagesPerUser": 5000, "openMetrics": true }.

  Without --data everything is in $XDG_DATA_HOME/dims, else in ~/.local/share/dims.

Exit status
  0 when all went well, 1 when not, 2 for options that are not understood. "dims status"
  ends with 1 when the station does not run.
  SIGINT and SIGTERM stop a station in peace; another one, half a second later or after,
  at once.
`;

/** @see notes */
export const examples = `
Examples
  dims                                             start on 127.0.0.1:9394
  dims start --host 0.0.0.0 --port 9395 --data /var/lib/dims
  dims start --config /etc/dims.json --tls-key key.pem --tls-certificate cert.pem
  DIMS_PORT=9395 DIMS_DATA=/data dims
  dims info --json | jq -r .url
  dims backup /backup/station-monday.tar
  dims restore /backup/station-monday.tar --data /var/lib/dims-again
`;
