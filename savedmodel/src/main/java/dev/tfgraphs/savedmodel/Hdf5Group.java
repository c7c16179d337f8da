package dev.tfgraphs.savedmodel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A group of an open HDF5 file. Links to other places are not followed: Keras writes none, and they
 * lead anywhere.
 *
 * @param path its names from the root on, without the root's slash
 */
record Hdf5Group(Hdf5File file, Hdf5Object object, String path) {
  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();

  private String at(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  private Map<String, Long> links() {
    return file.read(path, () -> object.links(file));
  }

  private Optional<Hdf5Object> object(String name) {
    Long address = links().get(name);
    if (address == null) {
      return Optional.empty();
    }
    if (address == Hdf5Links.ELSEWHERE) {
      throw file.expected("what the file itself holds", at(name), "a link");
    }
    return Optional.of(
        file.read(
            at(name),
            () -> {
              file.spend(0);
              return file.object(address);
            }));
  }

  /** The names of what is in it. */
  Set<String> names() {
    return Collections.unmodifiableSet(links().keySet());
  }

  /** The group at {@code inner}, a name or several with slashes between them. */
  Optional<Hdf5Group> group(String inner) {
    Hdf5Group found = this;
    for (String name : NAMES.split(inner)) {
      Optional<Hdf5Object> next = found.object(name).filter(Hdf5Links::isGroup);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      found = new Hdf5Group(file, next.get(), found.at(name));
    }
    return Optional.of(found);
  }

  /** The tensor at {@code inner}, a name or several with slashes between them. */
  Optional<StoredTensor> tensor(String inner) throws IOException {
    int slash = inner.lastIndexOf('/');
    Optional<Hdf5Group> parent = group(slash < 0 ? "" : inner.substring(0, slash));
    String name = inner.substring(slash + 1);
    Optional<Hdf5Object> found = parent.flatMap(group -> group.object(name));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Hdf5Dataset.tensor(file, found.get(), parent.get().at(name)));
  }

  private Map<String, Hdf5Attribute> attributes() {
    return file.read(path, object::attributes);
  }

  /** Whether it has an attribute or what Keras splits a long one into. */
  boolean has(String attribute) {
    Map<String, Hdf5Attribute> attributes = attributes();
    return attributes.containsKey(attribute) || attributes.containsKey(attribute + "0");
  }

  /** An attribute that is one text. */
  Optional<String> text(String attribute) {
    return Optional.ofNullable(attributes().get(attribute))
        .flatMap(each -> file.read(path, () -> each.texts(file)).stream().findFirst());
  }

  /**
   * An attribute that is a list of texts, none if it is not there; also one that was too long for
   * HDF5 and is split into {@code attribute0, attribute1, ...}.
   */
  ImmutableList<String> texts(String attribute) {
    Map<String, Hdf5Attribute> attributes = attributes();
    Map<String, Hdf5Attribute> parts = new LinkedHashMap<>();
    Hdf5Attribute whole = attributes.get(attribute);
    if (whole != null) {
      parts.put(attribute, whole);
    }
    for (int part = 0; whole == null && attributes.containsKey(attribute + part); part++) {
      parts.put(attribute + part, attributes.get(attribute + part));
    }
    return file.read(
        path,
        () ->
            parts.values().stream()
                .flatMap(part -> part.texts(file).stream())
                .collect(ImmutableList.toImmutableList()));
  }
}
