// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** A mapping of a YAML file of which every key is known. */
final class YamlMap {
    private final YamlValue place;
    private final String what;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();

    YamlMap(YamlValue place, MappingNode node, String what, List<String> known) {
        this.place = place;
        this.what = what;
        for (NodeTuple tuple : node.getValue()) {
            YamlValue key = new YamlValue(place.file(), tuple.getKeyNode());
            String name = key.text();
            if (!known.contains(name)) {
                throw key.refuse("unknown key '" + name + "' in " + what + "; known are " + String.join(", ", known));
            }
            if (values.put(name, new YamlValue(place.file(), tuple.getValueNode())) != null) {
                throw key.refuse("key '" + name + "' twice in " + what);
            }
        }
    }

    /** Where the mapping starts. */
    YamlValue place() {
        return place;
    }

    YamlValue get(String key) {
        return find(key).orElseThrow(() -> place.refuse(what + " lacks the key '" + key + "'"));
    }

    Optional<YamlValue> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** The items of an optional list; none if the key is absent. */
    List<YamlValue> list(String key) {
        return find(key).map(YamlValue::list).orElse(List.of());
    }

    /** The text that says what a thing means; it ends up inside comments. */
    String doc() {
        return comment("doc");
    }

    String comment(String key) {
        YamlValue value = get(key);
        String text = value.text();
        if (text.contains("*/")) {
            throw value.refuse("'" + key + "' must not contain '*/': it becomes a comment");
        }
        return text;
    }

    ScalarType scalarType(String key) {
        YamlValue value = get(key);
        return ScalarType.named(value.text())
                .orElseThrow(() -> value.refuse("unknown integer type '" + value.text() + "'"));
    }
}
