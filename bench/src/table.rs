//! The table of figures.

/// Measurements of each figure, in turn with the others. The lowest counts, for the peers as for us: a
/// shared machine can be twice as slow for seconds.
const ROUNDS: usize = 60;

/// A figure: what is measured, how, and its limit.
pub(crate) struct Gauge<'g> {
    what: &'static str,
    unit: &'static str,
    /// Units per second; one if the figure is not a time.
    scale: f64,
    at_most: f64,
    measure: Box<dyn FnMut() -> f64 + 'g>,
    least: f64,
}

impl<'g> Gauge<'g> {
    /// A figure that is a time, measured in seconds.
    pub(crate) fn time(
        what: &'static str,
        (at_most, unit): (f64, &'static str),
        measure: impl FnMut() -> f64 + 'g,
    ) -> Gauge<'g> {
        let scale = match unit {
            "ns" => 1e9,
            "us" => 1e6,
            _ => 1e3,
        };
        Gauge { what, unit, scale, at_most, measure: Box::new(measure), least: f64::INFINITY }
    }

    /// A figure that is already measured.
    pub(crate) fn known(
        what: &'static str,
        bound: (f64, &'static str),
        figure: f64,
    ) -> Gauge<'g> {
        let (at_most, unit) = bound;
        Gauge {
            what,
            unit,
            scale: 1.0,
            at_most,
            measure: Box::new(move || figure),
            least: figure,
        }
    }

    /// The lowest value so far, in its unit.
    pub(crate) fn figure(&self) -> f64 {
        self.least * self.scale
    }

    fn line(&self) -> String {
        let (figure, at_most, unit) = (self.figure(), self.at_most, self.unit);
        let verdict = if figure <= at_most { "" } else { "  OVER" };
        format!(
            "  {:<52} {figure:>10.2} {unit:<5} (at most {at_most} {unit}){verdict}\n",
            self.what
        )
    }
}

/// Measures all figures in turn, round after round.
pub(crate) fn measure(gauges: &mut [Gauge<'_>]) {
    for _ in 0..ROUNDS {
        for gauge in &mut *gauges {
            gauge.least = (gauge.measure)().min(gauge.least);
        }
    }
}

/// The figures as text.
pub(crate) fn render(gauges: &[Gauge<'_>]) -> String {
    gauges.iter().map(Gauge::line).collect()
}
