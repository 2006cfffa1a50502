package io.listenbacklog.e2e.metrics;

import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.metrics.Dashboard.Panel;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture in docs/metrics.md: each panel of the dashboard with what Prometheus answers to its
 * queries. XChart draws it, not Grafana.
 */
final class DashboardPicture {
  private static final Path FILE = TestCluster.sources().resolve("docs/images/dashboard.png");
  private static final int COLUMNS = 2;
  private static final int WIDTH = 580;
  private static final int HEIGHT = 250;

  private DashboardPicture() {}

  static void write(
      Dashboard dashboard,
      Map<String, String> variables,
      Prometheus prometheus,
      Instant from,
      Instant to)
      throws IOException {
    int rows = Math.ceilDiv(dashboard.panels().size(), COLUMNS);
    var image = new BufferedImage(COLUMNS * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    for (int i = 0; i < dashboard.panels().size(); i++) {
      var chart = chart(dashboard.panels().get(i), variables, prometheus, from, to);
      int x = i % COLUMNS * WIDTH;
      int y = i / COLUMNS * HEIGHT;
      graphics.translate(x, y);
      chart.paint(graphics, WIDTH, HEIGHT);
      graphics.translate(-x, -y);
    }
    Files.createDirectories(FILE.getParent());
    ImageIO.write(image, "png", FILE.toFile());
  }

  private static XYChart chart(
      Panel panel, Map<String, String> variables, Prometheus prometheus, Instant from, Instant to) {
    var chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(panel.title()).build();
    var style = chart.getStyler();
    var font = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
    style
        .setTimezone(TimeZone.getTimeZone("UTC"))
        .setDatePattern("HH:mm:ss")
        .setYAxisMin(0.0)
        .setAxisTickLabelsFont(font)
        .setPlotGridLinesColor(new Color(0xe4e4e4))
        .setYAxisTickLabelsFormattingFunction(value -> inUnit(panel.unit(), value));
    style
        .setChartTitleFont(font.deriveFont(Font.BOLD, 12))
        .setLegendFont(font)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Vertical)
        .setLegendBorderColor(Color.WHITE)
        .setLegendPadding(4)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLocale(Locale.ROOT);
    for (var query : panel.queries()) {
      for (var line :
          prometheus.query(
              query.with(variables),
              from,
              to,
              Duration.ofSeconds(MonitoringObjects.SCRAPE_SECONDS))) {
        var times = new ArrayList<Date>();
        List<Double> values = new ArrayList<>();
        line.values()
            .forEach(
                (time, value) -> {
                  times.add(Date.from(time));
                  values.add(value);
                });
        chart
            .addSeries(query.legend(line.labels()), times, values)
            .setMarker(SeriesMarkers.NONE)
            .setLineWidth(1.5f);
      }
    }
    return chart;
  }

  /** A number as Grafana would write it in that unit. */
  private static String inUnit(String unit, double value) {
    return switch (unit) {
      case "percentunit" -> "%.0f %%".formatted(value * 100);
      case "s" -> "%.0f s".formatted(value);
      default -> value == Math.rint(value) ? "%.0f".formatted(value) : "%.2f".formatted(value);
    };
  }
}
