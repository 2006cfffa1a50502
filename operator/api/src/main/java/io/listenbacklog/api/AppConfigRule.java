package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where the application of a policy's pods is told its backlog: one of the four.
 *
 * @param preset of a common server, such as {@code Gunicorn}
 * @param container which the preset is for; null: the pod has but one
 */
@ValidationRule(
    value =
        "[has(self.preset), has(self.env), has(self.args), has(self.configMap)].filter(x, x).size() == 1",
    message = "an entry of appConfig has exactly one of preset, env, args and configMap",
    messageExpression =
        "'an entry of appConfig has exactly one of preset, env, args and configMap, and this one has'"
            + " + (has(self.preset) || has(self.env) || has(self.args) || has(self.configMap) ?"
            + " (has(self.preset) ? ' preset' : '') + (has(self.env) ? ' env' : '') +"
            + " (has(self.args) ? ' args' : '') + (has(self.configMap) ? ' configMap' : '') : ' none')",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "!has(self.container) || has(self.preset)",
    message = "container goes with preset; env and args have their own",
    messageExpression =
        "'container ' + self.container + ' goes with preset; env and args have their own'",
    reason = "FieldValueInvalid",
    fieldPath = ".container")
public record AppConfigRule(
    @JsonPropertyDescription("A common server, such as Gunicorn or PythonSocketserver.")
        @Size(min = 1, max = 40)
        @Pattern("^[A-Za-z0-9]+$")
        @Nullable String preset,
    @JsonPropertyDescription("The container that the preset is for; absent: the pod has but one.")
        @Size(max = 63)
        @Nullable String container,
    @JsonPropertyDescription("A variable of a container's environment.") @Nullable EnvChange env,
    @JsonPropertyDescription("One flag of a container's arguments.") @Nullable ArgsChange args,
    @JsonPropertyDescription("One value in a file of a ConfigMap.")
        @Nullable ConfigMapChange configMap) {}
