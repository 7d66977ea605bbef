// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.ModuleOption;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The machine may stop after any step of any operation. */
@QemuTest
class CrashWalkIT {

    private static final int BATCHES_OF_A_VM = 8;

    @Test
    void a_stop_at_a_delicate_step_of_each_operation_leaves_it_whole_or_absent(
            VmBuilder builder, VmHost host, KernelSpec spec) {
        List<Walk.Result> results = new Walk(builder, host.report(), module(host, spec)).walk(Choice.DELICATE::from, 2);

        assertThat(results).hasSizeGreaterThanOrEqualTo(2 * Operation.values().length);
        assertThat(WalkReport.wrong(results)).isEmpty();
    }

    @Test
    @Tag("crash-walk")
    void a_stop_at_any_step_of_any_operation_leaves_it_whole_or_absent(VmBuilder builder, VmHost host, KernelSpec spec)
            throws IOException {
        List<Walk.Result> results =
                new Walk(builder, host.report(), module(host, spec)).walk(Choice.EVERY::from, BATCHES_OF_A_VM);

        WalkReport.write(spec, results);
        assertThat(WalkReport.wrong(results)).isEmpty();
        assertThat(results.stream().map(Walk.Result::point)).doesNotHaveDuplicates();
        assertThat(results).hasSizeGreaterThan(300);
    }

    @Test
    void each_defect_has_its_place_in_the_module(VmHost host, KernelSpec spec) {
        TextTree right = module(host, spec);

        assertThat(Defect.values())
                .allSatisfy(defect -> assertThat(defect.in(right)).isNotEqualTo(right));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("crash-walk")
    void a_commit_in_a_wrong_order_is_noticed(Defect defect, VmBuilder builder, VmHost host, KernelSpec spec) {
        List<String> wrong = wrong(new Walk(builder, host.report(), defect.in(module(host, spec))));

        host.report().say(defect + ": " + wrong);
        assertThat(wrong).isNotEmpty();
    }

    /** What a walk notices. Some of it shows before any stop, when the steps are counted. */
    private static List<String> wrong(Walk walk) {
        try {
            return WalkReport.wrong(walk.walk(Defect::show, 1));
        } catch (GuestFailed e) {
            assertThat(e).hasMessageContaining("does not do what its model says");
            return List.of(e.getMessage());
        }
    }

    private static TextTree module(VmHost host, KernelSpec spec) {
        return host.moduleSources(host.kernel(spec), new ModuleOptions(Set.of(ModuleOption.values())));
    }
}
