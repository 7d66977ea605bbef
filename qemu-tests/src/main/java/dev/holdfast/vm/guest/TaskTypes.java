// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;

/** The types that a task declares for its arguments and its result. */
public final class TaskTypes {

    private TaskTypes() {}

    /** The A of {@code GuestTask<A, R>}. */
    public static Type arguments(Class<?> task) {
        return declared(task, 0);
    }

    /** The R of {@code GuestTask<A, R>}. */
    public static Type result(Class<?> task) {
        return declared(task, 1);
    }

    private static Type declared(Class<?> task, int index) {
        return Arrays.stream(task.getGenericInterfaces())
                .filter(ParameterizedType.class::isInstance)
                .map(ParameterizedType.class::cast)
                .filter(implemented -> implemented.getRawType() == GuestTask.class)
                .map(implemented -> implemented.getActualTypeArguments()[index])
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(task.getName() + " does not implement GuestTask itself"));
    }
}
