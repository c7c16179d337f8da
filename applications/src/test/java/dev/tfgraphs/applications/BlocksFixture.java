package dev.tfgraphs.applications;

import com.google.gson.JsonObject;
import java.util.stream.Stream;

/** What real Keras said of the blocks and networks (conformance/makers/blocks.py). */
final class BlocksFixture {
  static final long SEED = 1;

  private BlocksFixture() {}

  /** The rows of one of the fixture's lists. */
  static Stream<JsonObject> rows(String list) {
    JsonObject fixture = Fixture.file("blocks.json");
    if (fixture.get("random_seed").getAsLong() != SEED) {
      throw new AssertionError("blocks.json: expected the seed " + SEED);
    }
    return Fixture.objects(fixture.getAsJsonArray(list));
  }
}
