package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.listenbacklog.cli.BacklogCommand.NoCluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What kubectl takes of a kubeconfig's user, and the client does not. */
final class Credentials {
  /** Other kubeconfigs are not read a second time. */
  private static final Pattern CONCERNED = Pattern.compile("\\b(?:tokenFile|exec|as)\\b");

  /** As Go has them. */
  private static final String OF_HEADERS = "!#$&'*+-.^_`|~";

  private final Config config;
  private final String name;
  private final AuthInfo user;
  private final File kubeconfig;

  private Credentials(Config config, String name, AuthInfo user, File kubeconfig) {
    this.config = config;
    this.name = name;
    this.user = user;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Puts it into the configuration.
   *
   * @param config as the client reads it
   * @throws NoCluster if it cannot be had: without it the user would be somebody else
   */
  static void complete(Config config) {
    var context = config.getCurrentContext();
    var file = context == null ? null : KubeConfigUtils.getFileWithNamedAuthInfo(context);
    if (context == null || file == null || !isConcerned(file.toPath())) return;
    String name = context.getContext().getUser();
    AuthInfo user = null;
    for (NamedAuthInfo each : KubeConfigUtils.parseConfig(file).getUsers()) {
      if (Objects.equals(each.getName(), name) && each.getUser() != null) user = each.getUser();
    }
    if (user == null) return;
    var credentials = new Credentials(config, name, user, file);
    credentials.impersonate();
    if (!isEmpty(user.getTokenFile())) {
      credentials.readToken();
    } else if (user.getExec() != null && !credentials.hasAny()) {
      credentials.take(new CredentialPlugin(user.getExec(), name, file));
    }
  }

  private static boolean isConcerned(Path kubeconfig) {
    try {
      return CONCERNED.matcher(Files.readString(kubeconfig)).find();
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private boolean hasAny() {
    return !isEmpty(config.getAutoOAuthToken())
        || !isEmpty(config.getClientCertData())
        || !isEmpty(config.getClientCertFile())
        || !isEmpty(config.getUsername());
  }

  private void impersonate() {
    var groups = user.getAsGroups() == null ? List.<String>of() : user.getAsGroups();
    Map<String, List<String>> extra =
        user.getAsUserExtra() == null ? Map.of() : user.getAsUserExtra();
    if (isEmpty(user.getAs())) {
      if (groups.isEmpty() && extra.isEmpty() && isEmpty(user.getAsUid())) return;
      throw new NoCluster(
          "user %s of the kubeconfig has as-groups, as-uid or as-user-extra, and no as"
              .formatted(name));
    }
    config.setImpersonateUsername(user.getAs());
    config.setImpersonateGroups(groups.toArray(String[]::new));
    var escaped = new LinkedHashMap<String, List<String>>();
    extra.forEach((key, values) -> escaped.put(headerKey(key), values));
    config.setImpersonateExtras(escaped);
    if (isEmpty(user.getAsUid())) return;
    var headers = new LinkedHashMap<String, String>();
    if (config.getCustomHeaders() != null) headers.putAll(config.getCustomHeaders());
    headers.put("Impersonate-Uid", user.getAsUid());
    config.setCustomHeaders(headers);
  }

  /** As kubectl writes it: what no header's name may contain as %XX. */
  private static String headerKey(String key) {
    var text = new StringBuilder();
    for (byte each : key.getBytes(UTF_8)) {
      boolean isPlain =
          (each >= '0' && each <= '9')
              || (each >= 'a' && each <= 'z')
              || (each >= 'A' && each <= 'Z')
              || OF_HEADERS.indexOf(each) >= 0;
      text.append(isPlain ? String.valueOf((char) each) : "%%%02X".formatted(each));
    }
    return text.toString();
  }

  /** Again for each request: whoever wrote the file replaces it in time. */
  private void readToken() {
    Path file = kubeconfig.getAbsoluteFile().toPath().resolveSibling(user.getTokenFile());
    String first = token(file);
    if (first == null && isEmpty(user.getToken())) {
      throw new NoCluster(
          "the token of user %s, %s (tokenFile), cannot be read or is empty".formatted(name, file));
    }
    config.setOauthTokenProvider(new Reread(file, first == null ? user.getToken() : first));
  }

  private static @Nullable String token(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : text;
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * What is in the file now.
   *
   * @param first while there is nothing
   */
  private record Reread(Path file, String first) implements OAuthTokenProvider {
    @Override
    public String getToken() {
      String now = token(file);
      return now == null ? first : now;
    }
  }

  private void take(CredentialPlugin plugin) {
    var given = plugin.run();
    config.setOauthTokenProvider(new Renewed(plugin, given));
    if (given.certificate() == null) return;
    config.setClientCertData(given.certificate());
    config.setClientKeyData(given.key());
    config.setClientKeyAlgo(Config.getKeyAlgorithm(null, given.key()));
  }

  /**
   * A plugin's token, until it expires: then its next one. Without a provider the client would run
   * the plugin from time to time by itself, and could not read its answer.
   */
  private static final class Renewed implements OAuthTokenProvider {
    private final CredentialPlugin plugin;
    private CredentialPlugin.Given given;

    private Renewed(CredentialPlugin plugin, CredentialPlugin.Given first) {
      this.plugin = plugin;
      given = first;
    }

    @Override
    public synchronized @Nullable String getToken() {
      if (given.token() != null && given.hasExpired()) renew();
      return given.token();
    }

    private void renew() {
      try {
        given = plugin.run();
      } catch (NoCluster e) {
        // The plugin has said why; with the old one the API server says that it has expired.
      }
    }
  }
}
