// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Headers among which a declaration may have been moved from one kernel to the next. */
final class Headers {
    private final String release;
    private final String main;
    private final List<CSource> sources;

    Headers(String release, String main, List<CSource> sources) {
        this.release = release;
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
        return function(name).orElseThrow(() -> refusal(name + "() is not declared", nowhere()));
    }

    Optional<Declaration> operation(String struct, String name) {
        return first(source -> source.operation(struct, name));
    }

    Declaration needOperation(String struct, String name) {
        return operation(struct, name).orElseThrow(() -> lacks(struct, "operation " + name));
    }

    Place needField(String struct, String name) {
        return field(struct, name).orElseThrow(() -> lacks(struct, "field " + name));
    }

    /** The fact that follows from the type of parameter {@code index}, from 0, of a declaration. */
    Fact shape(String fact, String subject, Declaration declaration, int index, Shape... shapes) {
        for (Shape shape : shapes) {
            if (declaration.takes(index, shape.type())) {
                return new Fact(fact, shape.value(), declaration.place());
            }
        }
        throw refusal(subject + " " + Shape.takesNone(List.of(shapes)), declaration.place());
    }

    /** Whether a function is declared. */
    Fact isDeclared(String fact, String function) {
        Optional<Declaration> declared = function(function);
        return Fact.yesNo(
                fact, declared.isPresent(), declared.map(Declaration::place).orElseGet(this::nowhere));
    }

    /** Whether there is a macro of that name that takes arguments. */
    Fact isMacro(String fact, String macro) {
        Optional<Place> place = first(source -> source.macro(macro));
        return Fact.yesNo(fact, place.isPresent(), place.orElseGet(this::nowhere));
    }

    /** Where to say that something was looked for in vain. */
    Place nowhere() {
        return new Place(main, 0);
    }

    /** The tree cannot be used: {@code what} is wrong at {@code place}. */
    UnsupportedKernelException refusal(String what, Place place) {
        return new UnsupportedKernelException(release, what, place);
    }

    private UnsupportedKernelException lacks(String struct, String member) {
        return first(source -> source.struct(struct))
                .map(place -> refusal("struct " + struct + " has no " + member, place))
                .orElseGet(() -> refusal("struct " + struct + " is not defined", nowhere()));
    }

    private <T> Optional<T> first(Function<CSource, Optional<T>> question) {
        return sources.stream()
                .flatMap(source -> question.apply(source).stream())
                .findFirst();
    }
}
