package dev.tfgraphs.examples;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.applications.ActivationOrder;
import dev.tfgraphs.applications.CifarResNet;
import dev.tfgraphs.applications.Shortcut;
import java.util.function.UnaryOperator;

/**
 * What is changed of a residual network: nothing, how its units join what came in and their branch
 * ({@link Shortcut}), or where they normalize and rectify ({@link ActivationOrder}).
 *
 * @param name as {@code compare} takes it
 */
record Variant(String name, UnaryOperator<CifarResNet> change) {
  static final String RESIDUAL = "residual";
  static final String PLAIN = "plain";

  private static final ImmutableMap<String, Variant> ALL = Maps.uniqueIndex(made(), Variant::name);

  /**
   * The variant called {@code name}.
   *
   * @throws CommandException if there is none
   */
  static Variant of(String name) {
    Variant variant = ALL.get(name);
    if (variant == null) {
      throw new CommandException(
          "VARIANT: expected one of %s, received '%s'%s"
              .formatted(
                  String.join(", ", ALL.keySet()), name, Arguments.nearest(name, ALL.keySet())));
    }
    return variant;
  }

  /** Whether a variant is called {@code name}. */
  static boolean isOne(String name) {
    return ALL.containsKey(name);
  }

  /** The names, in the order of the paper's tables. */
  static ImmutableList<String> names() {
    return ALL.keySet().asList();
  }

  private static ImmutableList<Variant> made() {
    ImmutableList.Builder<Variant> all = ImmutableList.builder();
    for (Shortcut shortcut : Shortcut.values()) {
      String name =
          switch (shortcut) {
            case IDENTITY -> RESIDUAL;
            case NONE -> PLAIN;
            default -> name(shortcut);
          };
      all.add(new Variant(name, network -> network.shortcut(shortcut)));
    }
    for (ActivationOrder order : ActivationOrder.values()) {
      if (order != ActivationOrder.ORIGINAL) {
        all.add(new Variant(name(order), network -> network.order(order)));
      }
    }
    return all.build();
  }

  private static String name(Enum<?> constant) {
    return Ascii.toLowerCase(constant.name()).replace('_', '-');
  }
}
