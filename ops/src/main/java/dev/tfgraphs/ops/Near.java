package dev.tfgraphs.ops;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Names that resemble a wrong one. */
final class Near {
  private Near() {}

  private static final int MOST = 8;

  /**
   * {@code ; near: a, b} with at most three names; when none resembles it, {@code ; there are a, b}
   * with at most eight, and where there are more {@code , ... (20)}.
   */
  static String hint(String wrong, Collection<String> names) {
    List<String> near =
        names.stream()
            .filter(name -> distance(wrong, name) <= Math.max(2, wrong.length() / 3))
            .sorted(Comparator.comparingInt(name -> distance(wrong, name)))
            .limit(3)
            .toList();
    if (!near.isEmpty()) {
      return "; near: " + String.join(", ", near);
    }
    String some = names.stream().limit(MOST).collect(Collectors.joining(", "));
    return "; there are "
        + some
        + (names.size() > MOST ? ", ... (%d)".formatted(names.size()) : "");
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
