// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Headers among which a declaration may have been moved from one kernel to the next. */
final class Headers {
    private final Path tree;
    private final String main;
    private final List<CSource> sources;

    Headers(Path tree, String main, List<CSource> sources) {
        this.tree = tree;
        this.main = main;
        this.sources = sources;
    }

    Optional<Declaration> function(String name) {
        return first(source -> source.function(name));
    }

    Optional<Place> field(String struct, String name) {
        return first(source -> source.field(struct, name));
    }

    Declaration needFunction(String name) {
        return function(name).orElseThrow(() -> lacks(name + "()"));
    }

    Declaration needOperation(String struct, String name) {
        return first(source -> source.operation(struct, name))
                .orElseThrow(() -> lacks("the operation " + name + " of struct " + struct));
    }

    Place needField(String struct, String name) {
        return field(struct, name).orElseThrow(() -> lacks("the field " + name + " of struct " + struct));
    }

    /** Where to say that something was looked for in vain. */
    Place nowhere() {
        return new Place(main, 0);
    }

    UnsupportedKernelException lacks(String what) {
        return new UnsupportedKernelException(tree + " lacks " + what + ": not declared in " + main);
    }

    UnsupportedKernelException unknown(Declaration declaration, String what) {
        return new UnsupportedKernelException(
                tree + " declares " + what + " in a way that is not known here: " + declaration.place());
    }

    private <T> Optional<T> first(Function<CSource, Optional<T>> question) {
        return sources.stream()
                .flatMap(source -> question.apply(source).stream())
                .findFirst();
    }
}
