package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Numbers;
import dev.graft.train.RateCurve;
import dev.graft.train.RateCurve.Point;
import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The losses over the rates as a picture, with the rate that is suggested. */
final class RatePlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    /** What is above so many times the first loss, or the lowest, says only that it exploded. */
    private static final double HIGHEST = 1.5;

    private RatePlot() {}

    /**
     * Draws and writes.
     *
     * @throws GraftException if that cannot be done; says what to do
     */
    static void write(Terminal terminal, RateCurve curve, Path file) {
        // No window is opened, so none is needed.
        System.setProperty("java.awt.headless", "true");
        try {
            XYChart chart = chart(curve);
            place(file).write(terminal, out -> BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG));
        } catch (LinkageError | InternalError e) {
            throw new GraftException(
                    file + ": this Java has no fonts to write on a picture (" + e.getMessage()
                            + "); install fontconfig and a font, or use --json",
                    e);
        }
    }

    private static OutputFile place(Path file) {
        return new OutputFile(file, "--plot", OutputKind.PLOT);
    }

    private static XYChart chart(RateCurve curve) {
        List<Point> points = curve.points();
        double[] rates = points.stream().mapToDouble(Point::rate).toArray();
        double highest = HIGHEST
                * points.stream().limit(2).mapToDouble(Point::smoothed).max().orElse(1);
        double top =
                Math.min(highest, points.stream().mapToDouble(Point::loss).max().orElse(highest));
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Loss over the learning rate")
                .xAxisTitle("learning rate")
                .yAxisTitle("loss")
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(top > 0 ? top : 1.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSW);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        line(chart, "of each batch", rates, capped(points, top, false), Color.LIGHT_GRAY);
        line(chart, "smoothed", rates, capped(points, top, true), new Color(0x1f77b4));
        curve.suggestion()
                .ifPresent(rate -> line(
                        chart,
                        "suggested: " + Numbers.text(rate),
                        new double[] {rate, rate},
                        new double[] {0, top},
                        new Color(0xd62728)));
        return chart;
    }

    private static double[] capped(List<Point> points, double top, boolean smoothed) {
        return points.stream()
                .mapToDouble(point -> Math.min(top, smoothed ? point.smoothed() : point.loss()))
                .toArray();
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
    }
}
