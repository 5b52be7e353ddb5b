import { describe, expect, it } from '@jest/globals';
import { PrometheusMetrics } from '../src/prometheus-metrics.js';

describe('metrics for Prometheus', () => {
  it('count what they are told', async () => {
    const metrics = new PrometheusMetrics();
    metrics.connectionOpened('websocket');
    metrics.connectionOpened('websocket');
    metrics.connectionClosed('websocket');
    metrics.loggedIn();
    metrics.accepted(0.004);
    metrics.delivered(3);
    metrics.stored(700);
    metrics.repeated();
    metrics.refused('storage');
    metrics.command('search');
    metrics.fileUploaded(10);
    metrics.fileDownloaded(20);
    const text = await metrics.text();
    for (const line of [
      'dimp_station_connections{framing="websocket"} 1',
      'dimp_station_connections_total{framing="websocket"} 2',
      'dimp_station_logins_total 1',
      'dimp_station_accepted_seconds_bucket{le="0.0025"} 0',
      'dimp_station_accepted_seconds_bucket{le="0.005"} 1',
      'dimp_station_delivered_seconds_sum 3',
      'dimp_station_relayed_total 1',
      'dimp_station_stored_messages_total 1',
      'dimp_station_stored_bytes_total 700',
      'dimp_station_repeated_total 1',
      'dimp_station_refused_total{reason="storage"} 1',
      'dimp_station_commands_total{name="search"} 1',
      'dimp_station_file_uploads_total 1',
      'dimp_station_file_upload_bytes_total 10',
      'dimp_station_file_downloads_total 1',
      'dimp_station_file_download_bytes_total 20',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('make no line of a name that a stranger chose', async () => {
    const metrics = new PrometheusMetrics();
    for (let i = 0; i < 1000; i++) metrics.command(`made-up-${i}`);
    const text = await metrics.text();
    expect(text).toContain('dimp_station_commands_total{name="other"} 1000\n');
    expect(text).not.toContain('made-up');
  });

  it('read what stands somewhere when they are asked', async () => {
    let sessions = 1;
    const metrics = new PrometheusMetrics({ gauges: { sessions: () => sessions, fileBytes: () => 5 } });
    expect(await metrics.text()).toContain('dimp_station_sessions 1\n');
    sessions = 2;
    const text = await metrics.text();
    expect(text).toContain('dimp_station_sessions 2\n');
    expect(text).toContain('dimp_station_file_bytes 5\n');
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(text).not.toContain('dimp_station_users_online');
  });

  it('are apart from those of another station in the process', async () => {
    new PrometheusMetrics().stored(1);
    expect(await new PrometheusMetrics().text()).toContain('dimp_station_stored_messages_total 0\n');
  });
});
