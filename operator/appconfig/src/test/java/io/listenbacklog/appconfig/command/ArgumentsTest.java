package io.listenbacklog.appconfig.command;

import static io.listenbacklog.appconfig.command.FlagForm.EQUALS;
import static io.listenbacklog.appconfig.command.FlagForm.SEPARATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.command.Arguments.Changed;
import io.listenbacklog.appconfig.command.Arguments.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  /** Command, args, flag, form, then command and args with it, and what was there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|app:app|--backlog|EQUALS|-|app:app --backlog=64|-",
        "-|app:app|--backlog|SEPARATE|-|app:app --backlog 64|-",
        "gunicorn app:app|-|--backlog|EQUALS|gunicorn app:app|--backlog=64|-",
        "gunicorn --backlog=5 app:app|-|--backlog|EQUALS|gunicorn --backlog=64 app:app|-|5",
        "-|--backlog 5 -w 4|--backlog|EQUALS|-|--backlog 64 -w 4|5",
        "memcached|-m 64 -b 5|-b|SEPARATE|memcached|-m 64 -b 64|5",
        "memcached|-b5 -m 64|-b|SEPARATE|memcached|-b64 -m 64|5",
        "varnishd -F|-p a=1|-p listen_depth|EQUALS|varnishd -F|-p a=1 -p listen_depth=64|-",
        "varnishd|-p listen_depth=5 -p a=1|-p listen_depth|EQUALS|varnishd|-p listen_depth=64 -p a=1|5",
        "mysqld|--back_log=5|--back-log|EQUALS|mysqld|--back_log=64|5",
        "tini -- uvicorn a:b|-|--backlog|SEPARATE|tini -- uvicorn a:b|--backlog 64|-",
        "sh /entrypoint.sh|x|--backlog|EQUALS|sh /entrypoint.sh|x --backlog=64|-",
        "gunicorn --backlog|5 a|--backlog|EQUALS|gunicorn --backlog|64 a|5",
        "-|-c gunicorn.conf.py app:app|--backlog|EQUALS|-|-c gunicorn.conf.py app:app --backlog=64|-",
        "-|-c 4096 -m 512|-b|SEPARATE|-|-c 4096 -m 512 -b 64|-",
      })
  void oneFlagIsSetAndAllElseStays(
      @Nullable String command,
      @Nullable String args,
      String flag,
      FlagForm form,
      @Nullable String newCommand,
      @Nullable String newArgs,
      @Nullable String from) {
    var before = arguments(command, args);
    var after = arguments(newCommand, newArgs);

    assertThat(before.set(flag, form, 64)).isEqualTo(new Changed(after, from));
    assertThat(after.set(flag, form, 64)).isEqualTo(new Changed(after, "64"));
    assertThat(((Changed) after.undo(before, after, flag)).arguments()).isEqualTo(before);
    // Somebody else's argument that came later stays.
    assertThat(((Changed) more(after).undo(before, after, flag)).arguments())
        .isEqualTo(more(before));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|-|--backlog|no args",
        "/bin/sh -c|gunicorn|--backlog|script",
        "/usr/bin/env bash -euxc|gunicorn|--backlog|script",
        "tini -- bash -l -c|gunicorn|--backlog|script",
        "bash -euo pipefail -c|gunicorn|--backlog|script",
        "bash -o pipefail -O extglob -c|gunicorn|--backlog|script",
        "a|--backlog=1 --backlog 2|--backlog|more than once",
        "a|--backlog=$(N)|--backlog|variable",
        "a|--backlog=many|--backlog|no number",
        "kubectl exec|x -- y|--backlog|\"--\"",
        "a|b|x y z|one word",
      })
  void whatIsNotClearIsRefused(
      @Nullable String command, @Nullable String args, String flag, String reason) {
    assertThat(arguments(command, args).set(flag, EQUALS, 64))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec gunicorn a:b", "gunicorn;true", "/run.sh&", "$RUN"})
  void aScriptForTheShellOfAnImageIsRefused(String script) {
    assertThat(new Arguments(List.of(), List.of("-c", script)).set("--backlog", EQUALS, 64))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains("script"));
  }

  @Test
  void whatSomebodyElseChangedIsLeftToThem() {
    var before = arguments("a", "b");
    var after = ((Changed) before.set("--backlog", SEPARATE, 64)).arguments();
    assertThat(arguments("a", "b --backlog 128").undo(before, after, "--backlog"))
        .isInstanceOf(Refused.class);
    assertThat(before.undo(before, after, "--backlog")).isInstanceOf(Refused.class);
  }

  private static Arguments more(Arguments arguments) {
    var args = new ArrayList<>(arguments.args());
    args.add("--more");
    return new Arguments(arguments.command(), args);
  }

  private static Arguments arguments(@Nullable String command, @Nullable String args) {
    return new Arguments(words(command), words(args));
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }
}
