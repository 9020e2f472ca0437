/** How the report looks as a page: on wide and narrow screens, in the light, in the dark and on paper. */
import { CHART_COLORS, type ChartTheme } from '../charts/chart-theme.ts';

/** The colours of the charts, which are drawn for the light. */
function variables(theme: ChartTheme): string {
  const from = CHART_COLORS.light;
  const to = CHART_COLORS[theme];
  const pairs = [
    ...from.series.map((color, index) => [color, to.series[index] ?? color]),
    ...(['unattributed', 'others', 'ground', 'text', 'faint', 'grid', 'warning'] as const).map(key => [
      from[key],
      to[key],
    ]),
  ];
  const charts = pairs.map(([name = '', color = '']) => `--c-${name.slice(1)}:${color}`);
  const page = `--ground:${to.ground};--text:${to.text};--faint:${to.faint};--grid:${to.grid};--accent:${to.accent};--warning:${to.warning}`;
  return [...new Set(charts), page, `color-scheme:${theme}`].join(';');
}

export const HTML_STYLE = `
:root{${variables('light')};--card:#f5f7fa;--stripe:#f8f9fb}
@media screen and (prefers-color-scheme:dark){:root{${variables('dark')};--card:#1a2029;--stripe:#161b22}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}
h2{font-size:20px;margin:44px 0 12px;padding-bottom:6px;border-bottom:2px solid var(--grid)}
h3{font-size:15px;margin:24px 0 6px}
p{margin:4px 0;overflow-wrap:anywhere}
.faint{color:var(--faint)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:16px 0 0;padding:0}
a{color:var(--accent)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:24px 0 0}
dl div{background:var(--card);border-radius:8px;padding:12px 14px}
dt{font-size:13px;color:var(--faint)}
dd{margin:0}
.value{font-size:22px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
.detail{font-size:12px;color:var(--faint);overflow-wrap:anywhere}
figure{margin:16px 0 0}
figcaption{font-weight:600;margin-bottom:6px}
figure svg{display:block;width:100%;height:auto;max-width:1040px}
figure .narrow{display:none}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:0 24px}
.scroll{overflow-x:auto;margin-top:20px}
table{border-collapse:collapse;width:100%;font-size:13px}
caption{text-align:left;font-weight:600;font-size:15px;padding-bottom:6px}
th,td{padding:5px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid)}
th{font-weight:600;overflow-wrap:anywhere}
thead th{color:var(--faint);white-space:nowrap;border-bottom-width:2px}
tbody th{font-weight:400;min-width:120px}
tbody tr:nth-child(even){background:var(--stripe)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.name{overflow-wrap:anywhere}
td.name{min-width:88px}
.time,.day{white-space:nowrap;min-width:0}
.text{overflow-wrap:anywhere;min-width:180px}
tfoot td,tfoot th{font-weight:600;border-bottom:0}
.totals table{max-width:440px}
.bad{color:var(--warning);font-weight:600}
footer{margin-top:48px;padding-bottom:48px;border-top:1px solid var(--grid);padding-top:12px;font-size:13px;color:var(--faint)}
@media (max-width:640px){
main,header,footer{padding-left:14px;padding-right:14px}
figure .wide{display:none}figure .narrow{display:block}
th,td{padding:5px 8px}
}
@media print{
@page{margin:14mm}
body{font-size:11px}
nav{display:none}
h2{break-after:avoid}
figure,tr,dl div{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
table{font-size:8.5px}th,td{padding:3px 4px}thead th{white-space:normal}tbody th,td.name{min-width:40px}.text{min-width:90px}.time,.day{white-space:normal}
.pair{grid-template-columns:1fr 1fr}
}
`;
