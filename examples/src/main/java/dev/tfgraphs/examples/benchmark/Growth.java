package dev.tfgraphs.examples.benchmark;

import com.google.common.collect.Maps;
import com.google.gson.Gson;
import dev.tfgraphs.pictures.GrowthChart;
import dev.tfgraphs.pictures.Picture;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What an image takes along an axis, as benchmarks/report.py says it.
 *
 * @param title of the picture
 * @param across what the axis is
 * @param series by contender and what it does
 */
record Growth(String title, String across, Map<String, List<Point>> series) {
  /**
   * A point of the axis.
   *
   * @param at where
   * @param seconds of an image
   * @param arithmetic the multiply-adds of an image
   */
  record Point(double at, double seconds, double arithmetic) {}

  /** Reads the JSON. */
  static Growth read(InputStream in) {
    return new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), Growth.class);
  }

  Picture picture() {
    return GrowthChart.of(
        title,
        across,
        "Seconds an image",
        "grown as the multiply-adds",
        Maps.transformValues(series, Growth::places));
  }

  private static List<GrowthChart.Place> places(List<Point> points) {
    return points.stream()
        .map(point -> new GrowthChart.Place(point.at(), point.seconds(), point.arithmetic()))
        .toList();
  }
}
