/** Whether it works: how long things take, what is out of the ordinary, what fails, and whether it is all recorded. */
import { loadCharts } from '../chart/chart-box.tsx';
import { AnomaliesPanel } from './anomalies-panel.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { DurationsPanel } from './durations-panel.tsx';
import { MonitorPanel } from './monitor-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';

export function HealthView() {
  void loadCharts();
  return (
    <main id="main" class="view" tabIndex={-1}>
      <div class="view-head">
        <h1>Health</h1>
      </div>
      <MonitorPanel />
      <DurationsPanel />
      <div class="halves">
        <AnomaliesPanel />
        <ProblemsPanel />
      </div>
      <ComparePanel />
    </main>
  );
}
