package dev.graft.model;

import dev.graft.model.Program.Step;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A program parted at the frozen boundary: running {@code prefix} and then {@code suffix} on its outputs computes the
 * same. The prefix is everything that is reachable from the inputs without passing a step that changes in training; it
 * gives the same values for the same picture every time and so needs to run only once.
 *
 * @param prefix its outputs are the boundary
 * @param suffix its inputs are the boundary
 */
public record Cut(Program prefix, Program suffix) {
    /**
     * Parts a program.
     *
     * @param changes whether a step's output may change from one training step to the next: it has a trainable weight,
     *     moves its statistics, or draws random numbers
     */
    public static Cut of(Program program, Predicate<Step> changes) {
        int inputs = program.inputs().size();
        boolean[] frozen = new boolean[inputs + program.steps().size()];
        IntStream.range(0, inputs).forEach(value -> frozen[value] = true);
        for (int i = 0; i < program.steps().size(); i++) {
            Step step = program.steps().get(i);
            frozen[inputs + i] = !changes.test(step) && step.inputs().stream().allMatch(value -> frozen[value]);
        }
        List<Integer> boundary = boundary(program, frozen);
        Program prefix = part(
                program,
                frozen,
                true,
                program.inputs(),
                IntStream.range(0, inputs).boxed().toList(),
                boundary);
        List<Shape> shapes = boundary.stream().map(program::shapeOf).toList();
        Program suffix = part(program, frozen, false, shapes, boundary, program.outputs());
        return new Cut(prefix, suffix);
    }

    /** Whether the prefix holds a weight: else there is nothing worth keeping of it. */
    public boolean hasFrozenWeights() {
        return !prefix.weights().isEmpty();
    }

    /** The frozen values that a changing step, or the caller, needs. */
    private static List<Integer> boundary(Program program, boolean[] frozen) {
        TreeSet<Integer> boundary = new TreeSet<>();
        for (int i = 0; i < program.steps().size(); i++) {
            if (!frozen[program.valueOf(i)]) {
                program.steps().get(i).inputs().stream()
                        .filter(value -> frozen[value])
                        .forEach(boundary::add);
            }
        }
        program.outputs().stream().filter(value -> frozen[value]).forEach(boundary::add);
        return List.copyOf(boundary);
    }

    /** The steps on one side, with values numbered again. */
    private static Program part(
            Program program,
            boolean[] frozen,
            boolean side,
            List<Shape> inputShapes,
            List<Integer> inputs,
            List<Integer> outputs) {
        int[] renamed = new int[frozen.length];
        for (int i = 0; i < inputs.size(); i++) {
            renamed[inputs.get(i)] = i;
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < program.steps().size(); i++) {
            int value = program.valueOf(i);
            if (frozen[value] == side) {
                Step step = program.steps().get(i);
                List<Integer> taken =
                        step.inputs().stream().map(input -> renamed[input]).toList();
                renamed[value] = inputs.size() + steps.size();
                steps.add(
                        new Step(step.path(), step.layer(), taken, step.inputShapes(), step.shape(), step.inference()));
            }
        }
        return new Program(
                inputShapes,
                steps,
                outputs.stream().map(value -> renamed[value]).toList());
    }
}
