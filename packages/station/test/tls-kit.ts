import type { TlsOptions } from '../src/listener.js';

/** For tests on this machine only: the key stands here for everybody to read. Good for a hundred years. */
export const testTls: TlsOptions = {
  key: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCHaJ8RjKkFKFgN5S',
    'UrW5YX+9wdSSznTKSSr524PE9wChRANCAASGYH0E3U6Tk8tCalNWytekU6CPYPl2',
    'zoyxe+gQWrLPwfExLruN+33eWFQplfE8oQykrxYD4/kosjPYaBAA7p6g',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
  cert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBmjCCAUGgAwIBAgIUZ9coAgWbyH88wCMI1mWpFaJv794wCgYIKoZIzj0EAwIw',
    'FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjIxMDQwNFoYDzIxMjYxMDI5',
    'MjEwNDA0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO',
    'PQMBBwNCAASGYH0E3U6Tk8tCalNWytekU6CPYPl2zoyxe+gQWrLPwfExLruN+33e',
    'WFQplfE8oQykrxYD4/kosjPYaBAA7p6go28wbTAdBgNVHQ4EFgQUV0Cscf6vzgk4',
    '5/d79twcIQBn5TYwHwYDVR0jBBgwFoAUV0Cscf6vzgk45/d79twcIQBn5TYwDwYD',
    'VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI',
    'zj0EAwIDRwAwRAIgVpA2IfZ3dH8fPRyNtAoPK72NoVcmeqd2Eh3fiXz0iDQCIEYo',
    'TSrNWdg0iSh9WRMNgEUGuPWnq+kXMwrTIlLyAzGJ',
    '-----END CERTIFICATE-----',
  ].join('\n'),
};
