// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import dev.holdfast.liveupdate.Timeline;
import dev.holdfast.vm.guest.kvm.ResumingGuests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part of an update in which guests stand still. */
final class Pause {
    private Pause() {}

    /** How long each of its parts took, in milliseconds, in order. */
    static Map<String, Long> millis(List<ResumingGuests.Phase> timeline) {
        Map<String, Long> micros = new LinkedHashMap<>();
        timeline.stream()
                .filter(phase -> phase.step().compareTo(Timeline.Step.QUIESCE) >= 0)
                .forEach(
                        phase -> micros.merge(phase.step().name().toLowerCase(Locale.ROOT), phase.micros(), Long::sum));
        micros.replaceAll((step, took) -> Math.round(took / 1e3));
        return micros;
    }
}
