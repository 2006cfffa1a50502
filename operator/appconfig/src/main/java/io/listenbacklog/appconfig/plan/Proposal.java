package io.listenbacklog.appconfig.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a policy's {@code appConfig} means for one workload: an edit an entry, in its order.
 *
 * @param edits not empty
 * @param backlog what they set where they change anything, from 1
 * @param absent names of the ConfigMaps that are to be read and are not there, or cannot be read
 */
public record Proposal(List<Edit> edits, int backlog, Set<String> absent) {
  public Proposal {
    edits = List.copyOf(edits);
    absent = Set.copyOf(absent);
  }

  /** What becomes of an entry. */
  public sealed interface Edit {
    /** Empty where it is of no single one. */
    String container();

    /** Such as {@code env GUNICORN_CMD_ARGS}. */
    String what();

    /** Empty where nothing is to be changed, or can be. */
    List<Change> changes();

    /** To be made before, by name. */
    Map<String, ConfigMapFacts> configMaps();
  }

  /**
   * It can be written.
   *
   * @param from the number that is there, as it is written; empty: none
   * @param to the number
   * @param changes empty: it is there already
   * @param configMaps to be made first, by name
   * @param patch what people can commit; null: nothing is to be changed
   */
  public record Possible(
      String container,
      String what,
      String from,
      String to,
      List<Change> changes,
      Map<String, ConfigMapFacts> configMaps,
      @Nullable String patch)
      implements Edit {
    public Possible {
      changes = List.copyOf(changes);
      configMaps = Map.copyOf(configMaps);
    }
  }

  /**
   * It cannot.
   *
   * @param why a sentence for people
   */
  public record Impossible(String container, String what, String why) implements Edit {
    @Override
    public List<Change> changes() {
      return List.of();
    }

    @Override
    public Map<String, ConfigMapFacts> configMaps() {
      return Map.of();
    }
  }

  /**
   * All changes, in their order: of several entries about one ConfigMap each reference changes
   * once, from the user's to the copy in which all of them are.
   */
  public List<Change> changes() {
    var changes = new ArrayList<Change>();
    var references = new HashMap<String, Change.Reference>();
    for (Change each : ofEntries()) {
      switch (each) {
        case Change.Reference last -> {
          Change.Reference first = references.get(last.place());
          Change.Reference both = first == null ? last : last.after(first);
          if (first == null) changes.add(both);
          else changes.set(changes.indexOf(first), both);
          references.put(last.place(), both);
        }
        case Change.Env _, Change.Args _, Change.NewVolume _, Change.NewMount _ ->
            changes.add(each);
      }
    }
    return List.copyOf(changes);
  }

  private List<Change> ofEntries() {
    return edits.stream().flatMap(each -> each.changes().stream()).toList();
  }

  /** The ConfigMaps to be made, by name: of a copy of a copy only the last. */
  public Map<String, ConfigMapFacts> configMaps() {
    var all = new TreeMap<String, ConfigMapFacts>();
    for (Edit each : edits) all.putAll(each.configMaps());
    for (Change each : ofEntries()) {
      if (each instanceof Change.Reference replaces) all.remove(replaces.from());
    }
    return all;
  }

  boolean isPossible() {
    return edits.stream().allMatch(each -> each instanceof Possible);
  }
}
