package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A group that several files share: each has some of what is in it. */
record MergedGroup(ImmutableList<Hdf5Group> parts) {
  static MergedGroup of(List<Hdf5Group> parts) {
    return new MergedGroup(ImmutableList.copyOf(parts));
  }

  /** Whether it is the same group, whatever the names that lead there. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MergedGroup group && objects().equals(group.objects());
  }

  @Override
  public int hashCode() {
    return objects().hashCode();
  }

  private ImmutableList<Hdf5Object> objects() {
    return parts.stream().map(Hdf5Group::object).collect(ImmutableList.toImmutableList());
  }

  /** The names of what is in it: {@code conv2d_2} before {@code conv2d_10}. */
  ImmutableSortedSet<String> names() {
    return parts.stream()
        .flatMap(part -> part.names().stream())
        .collect(
            ImmutableSortedSet.toImmutableSortedSet(
                Comparator.comparing(MergedGroup::counted)
                    .thenComparing(Comparator.<String>naturalOrder())));
  }

  /** A name with its number as wide as any. */
  private static String counted(String name) {
    int digits = name.length();
    while (digits > 0 && Character.isDigit(name.charAt(digits - 1))) {
      digits--;
    }
    return name.substring(0, digits)
        + "0".repeat(Math.max(0, 12 - (name.length() - digits)))
        + name.substring(digits);
  }

  /** The group at {@code inner}, if any file has it. */
  Optional<MergedGroup> group(String inner) {
    ImmutableList<Hdf5Group> found =
        parts.stream()
            .map(part -> part.group(inner))
            .flatMap(Optional::stream)
            .collect(ImmutableList.toImmutableList());
    return found.isEmpty() ? Optional.empty() : Optional.of(new MergedGroup(found));
  }

  /** An attribute that is one text. */
  Optional<String> text(String attribute) {
    return parts.stream().map(part -> part.text(attribute)).flatMap(Optional::stream).findFirst();
  }

  /** The tensors in here that are called by numbers, by these and in their order. */
  ImmutableListMultimap<Integer, StoredTensor> numbered() throws IOException {
    ImmutableListMultimap.Builder<Integer, StoredTensor> tensors = ImmutableListMultimap.builder();
    for (String name : names()) {
      Integer number = Ints.tryParse(name);
      for (Hdf5Group part : parts) {
        if (number != null) {
          Optional<StoredTensor> tensor = part.tensor(name);
          tensor.ifPresent(found -> tensors.put(number, found));
        }
      }
    }
    return tensors.build();
  }
}
