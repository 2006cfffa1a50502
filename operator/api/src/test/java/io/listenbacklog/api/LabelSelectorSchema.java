package io.listenbacklog.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What Kubernetes itself says of a {@code metav1.LabelSelector}, and the generator leaves out: so
 * that a selector which means nothing is refused and not only reported.
 */
final class LabelSelectorSchema {
  private static final int LABEL_KEY_LENGTH = 317; // a DNS subdomain (253), a slash, a name (63)
  private static final int LABEL_VALUE_LENGTH = 63;

  static void complete(ObjectNode selector) {
    selector.put("x-kubernetes-map-type", "atomic");
    var labels = (ObjectNode) selector.at("/properties/matchLabels");
    labels
        .put("description", "Labels that the selected have, each with this value.")
        .put("maxProperties", 64);
    ((ObjectNode) labels.get("additionalProperties")).put("maxLength", LABEL_VALUE_LENGTH);
    var expressions = (ObjectNode) selector.at("/properties/matchExpressions");
    expressions
        .put("description", "Requirements that the selected meet, all of them.")
        .put("maxItems", 64);
    requirement((ObjectNode) expressions.get("items"));
  }

  private static void requirement(ObjectNode requirement) {
    requirement.putArray("required").add("key").add("operator");
    ((ObjectNode) requirement.at("/properties/key"))
        .put("description", "The label's key.")
        .put("minLength", 1)
        .put("maxLength", LABEL_KEY_LENGTH);
    var operator = (ObjectNode) requirement.at("/properties/operator");
    operator.put("description", "In, NotIn, Exists or DoesNotExist.");
    operator.putArray("enum").add("In").add("NotIn").add("Exists").add("DoesNotExist");
    var values = (ObjectNode) requirement.at("/properties/values");
    values
        .put("description", "For In and NotIn: at least one value. For the others: none.")
        .put("maxItems", 256);
    ((ObjectNode) values.get("items")).put("maxLength", LABEL_VALUE_LENGTH);
    requirement
        .putArray("x-kubernetes-validations")
        .addObject()
        .put(
            "rule",
            "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 :"
                + " !has(self.values) || self.values.size() == 0")
        .put("message", "In and NotIn need values, Exists and DoesNotExist take none")
        .put(
            "messageExpression",
            "'operator ' + self.operator + ' of key ' + self.key + (self.operator in ['In', 'NotIn'] ?"
                + " ' needs values' : ' takes no values, such as ' + self.values[0])")
        .put("reason", "FieldValueInvalid")
        .put("fieldPath", ".values");
  }

  private LabelSelectorSchema() {}
}
