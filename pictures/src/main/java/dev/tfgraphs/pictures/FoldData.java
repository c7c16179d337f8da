package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code diagram.js} has to know to open and close parts, as attributes of an SVG. */
final class FoldData {
  private FoldData() {}

  /** Of a frame: what its rows take beside their parts. */
  static Map<String, String> of(FrameLayout frame) {
    int rows = frame.rows();
    return ImmutableMap.of(
        "class",
        "frame",
        "data-edges",
        SvgText.number(frame.height(0)) + " " + SvgText.number(frame.height(rows - 1)),
        "data-labels",
        numbers(rows, frame::label),
        "data-turns",
        numbers(rows, frame::turn));
  }

  /** Of a part: its place, and what it takes while it is closed. */
  static Map<String, String> of(FrameLayout frame, Part part) {
    Element element = frame.element(part);
    return ImmutableMap.of(
        "class", "part",
        "data-name", part.id(),
        "data-row", Integer.toString(element.row),
        "data-across", SvgText.number(element.across),
        "data-closed", SvgText.number(frame.box(part).along()));
  }

  /** Of a line: which parts it joins, through which rows and where across. */
  static Map<String, String> of(FrameLayout frame, FrameLayout.Route route) {
    int last = route.way().size() - 1;
    Element first = route.way().get(0);
    Element target = route.way().get(last);
    return ImmutableMap.of(
        "class", "line",
        "data-from", number(frame, route.wire().from().part()),
        "data-to", number(frame, route.wire().to()),
        "data-row", Integer.toString(first.row),
        "data-across",
            numbers(
                last + 1,
                i ->
                    route.way().get(i).across
                        + (i == 0 ? route.from().open() : i == last ? route.to().open() : 0)),
        "data-closed",
            SvgText.number(first.across + route.from().closed())
                + " "
                + SvgText.number(target.across + route.to().closed()));
  }

  /** Which of the frame's parts it is; of its edges -1. */
  private static String number(FrameLayout frame, Part part) {
    return Integer.toString(frame.number(part));
  }

  /** Of one of the two looks of a part, {@code closed} and {@code open}; layers have one. */
  static Map<String, String> side(Part part, String side) {
    return part.inside().isPresent() ? ImmutableMap.of("class", side) : Map.of();
  }

  /** Of what opens or closes a part. */
  static Map<String, String> toggle(Part part) {
    return part.inside().isPresent() ? ImmutableMap.of("class", "toggle") : Map.of();
  }

  /** Of what is written below an open part. */
  static Map<String, String> labels() {
    return ImmutableMap.of("class", "labels");
  }

  private static String numbers(int count, IntToDoubleFunction number) {
    return IntStream.range(0, count)
        .mapToObj(i -> SvgText.number(number.applyAsDouble(i)))
        .collect(Collectors.joining(" "));
  }
}
