package dev.graft.torch;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Close;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import dev.graft.torch.Algorithm.Adam;
import dev.graft.torch.Algorithm.AdamW;
import dev.graft.torch.Algorithm.RmsProp;
import dev.graft.torch.Algorithm.Sgd;
import dev.graft.torch.TorchOptimizer.Group;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoTensorLeft.class)
class TorchOptimizerTest {
    private static final Close CLOSE = Close.toScale(1e-6);

    record Case(JsonNode json) {
        static Case named(String name) {
            return all().filter(each -> each.toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        static Stream<Case> all() {
            return Reference.each(Reference.read("optimizers.json")).map(Case::new);
        }

        JsonNode config() {
            return at(json, "config");
        }

        double number(String key) {
            return at(config(), key).doubleValue();
        }

        HostTensor initial(int parameter) {
            return Reference.tensor(at(json, "initial").get(parameter));
        }

        HostTensor gradient(int step, int parameter) {
            return Reference.tensor(at(json, "gradients").get(step).get(parameter));
        }

        HostTensor after(int step, int parameter) {
            return Reference.tensor(at(json, "after").get(step).get(parameter));
        }

        int steps() {
            return at(json, "after").size();
        }

        Group group(List<Tensor> parameters) {
            return new Group(parameters, number("learning_rate"), number("weight_decay"));
        }

        /** The groups of the case over its two parameters; one for both where it has none. */
        List<Group> groups(List<Tensor> parameters) {
            JsonNode groups = at(json, "groups");
            if (groups.isEmpty()) {
                return List.of(group(parameters));
            }
            return IntStream.range(0, groups.size())
                    .mapToObj(i -> new Group(
                            parameters.subList(i, i + 1),
                            at(groups.get(i), "learning_rate").doubleValue(),
                            at(groups.get(i), "weight_decay").doubleValue()))
                    .toList();
        }

        TorchOptimizer optimizer(List<Group> groups) {
            return TorchOptimizer.of(algorithm(), groups);
        }

        Algorithm algorithm() {
            String kind = at(json, "optimizer").textValue();
            return switch (kind) {
                case "Adam" -> new Adam(number("beta1"), number("beta2"), number("epsilon"));
                case "AdamW" -> new AdamW(number("beta1"), number("beta2"), number("epsilon"));
                case "SGD" -> new Sgd(number("momentum"), flag("nesterov"));
                case "RMSprop" -> new RmsProp(number("alpha"), number("epsilon"), number("momentum"), flag("centered"));
                default -> throw new IllegalArgumentException("an optimizer that no test knows: " + kind);
            };
        }

        private boolean flag(String key) {
            return at(config(), key).booleanValue();
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    static Stream<Case> cases() {
        return Case.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepIsTorchs(Case each) {
        List<Tensor> parameters = parameters(each);
        try (var optimizer = each.optimizer(each.groups(parameters))) {
            for (int step = 0; step < each.steps(); step++) {
                step(optimizer, each, parameters, step);
                for (int i = 0; i < parameters.size(); i++) {
                    CLOSE.check(
                            "step " + step + " parameter " + i,
                            parameters.get(i).toHost(),
                            each.after(step, i));
                }
            }
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    /** Two groups with different decay: each parameter goes the way of its own case. */
    @ParameterizedTest
    @CsvSource({
        "adam, adam_weight_decay",
        "adam_weight_decay, adam",
        "sgd, sgd_weight_decay",
        "rmsprop, rmsprop_weight_decay",
        "sgd_momentum, sgd_momentum_weight_decay",
        "sgd_nesterov_weight_decay, sgd_nesterov"
    })
    void groupsDecayEachInItsOwnWay(String firstName, String secondName) {
        Case first = Case.named(firstName);
        Case second = Case.named(secondName);
        List<Tensor> parameters = parameters(first);
        List<Group> groups = List.of(first.group(parameters.subList(0, 1)), second.group(parameters.subList(1, 2)));
        try (var optimizer = first.optimizer(groups)) {
            for (int step = 0; step < first.steps(); step++) {
                step(optimizer, first, parameters, step);
                CLOSE.check("first at " + step, parameters.get(0).toHost(), first.after(step, 0));
                CLOSE.check("second at " + step, parameters.get(1).toHost(), second.after(step, 1));
            }
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    /** Without decay a step is proportional to its rate, so half the rate goes half the way. */
    @ParameterizedTest
    @CsvSource({"adam", "sgd", "sgd_momentum", "sgd_nesterov", "rmsprop", "rmsprop_momentum"})
    void groupsStepEachAtItsOwnRate(String name) {
        Case each = Case.named(name);
        List<Tensor> parameters = parameters(each);
        List<Group> groups = List.of(
                each.group(parameters.subList(0, 1)),
                new Group(parameters.subList(1, 2), each.number("learning_rate") / 2, 0));
        try (var optimizer = each.optimizer(groups)) {
            for (int step = 0; step < each.steps(); step++) {
                step(optimizer, each, parameters, step);
                CLOSE.check("first at " + step, parameters.get(0).toHost(), each.after(step, 0));
                CLOSE.check("second at " + step, parameters.get(1).toHost(), partOfTheWay(each, step, 1, 0.5));
            }
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    @ParameterizedTest
    @CsvSource({"adam", "sgd", "rmsprop"})
    void aRateIsChangedForOneGroupFromTheNextStepOn(String name) {
        Case each = Case.named(name);
        List<Tensor> parameters = parameters(each);
        List<Group> groups = List.of(each.group(parameters.subList(0, 1)), each.group(parameters.subList(1, 2)));
        try (var optimizer = each.optimizer(groups)) {
            step(optimizer, each, parameters, 0);
            CLOSE.check("second before", parameters.get(1).toHost(), each.after(0, 1));
            assertThat(optimizer.groups()).isEqualTo(2);
            optimizer.setLearningRate(1, 0);
            assertThat(optimizer.learningRate(0)).isEqualTo(each.number("learning_rate"));
            assertThat(optimizer.learningRate(1)).isEqualTo(0);
            step(optimizer, each, parameters, 1);
            CLOSE.check("first goes on", parameters.get(0).toHost(), each.after(1, 0));
            CLOSE.check("second stands", parameters.get(1).toHost(), each.after(0, 1));
            optimizer.setLearningRate(1, each.number("learning_rate"));
            HostTensor stood = parameters.get(1).toHost();
            step(optimizer, each, parameters, 2);
            HostTensor expected = HostTensor.allocate(stood.shape());
            for (int i = 0; i < expected.elements(); i++) {
                expected.put(
                        i,
                        stood.get(i)
                                + each.after(2, 1).get(i)
                                - each.after(1, 1).get(i));
            }
            CLOSE.check("second goes on", parameters.get(1).toHost(), expected);
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    @Test
    void gradientsAddUpUntilTheStep() {
        Case each = Case.named("sgd");
        List<Tensor> parameters = parameters(each);
        try (var optimizer = each.optimizer(each.groups(parameters));
                var scope = Scope.open()) {
            backward(each, parameters, 0);
            backward(each, parameters, 0);
            optimizer.step();
            CLOSE.check("twice the way", parameters.get(0).toHost(), partOfTheWay(each, 0, 0, 2));
            assertThat(parameters.get(0).gradient()).isNull();
            HostTensor before = parameters.get(0).toHost();
            optimizer.step();
            assertThat(parameters.get(0).toHost().sameBits(before)).isTrue();
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    static List<Tensor> parameters(Case each) {
        try (var scope = Scope.open()) {
            return IntStream.range(0, at(each.json(), "initial").size())
                    .mapToObj(i -> Tensor.of(each.initial(i), Device.CPU).keep().requireGradient())
                    .toList();
        }
    }

    private static void step(TorchOptimizer optimizer, Case each, List<Tensor> parameters, int step) {
        backward(each, parameters, step);
        optimizer.step();
    }

    /** The loss {@code sum(parameter * gradient)} has just that gradient. */
    static void backward(Case each, List<Tensor> parameters, int step) {
        for (int i = 0; i < parameters.size(); i++) {
            try (var scope = Scope.open()) {
                Probe.dot(parameters.get(i), each.gradient(step, i)).backward();
            }
        }
    }

    private static HostTensor partOfTheWay(Case each, int step, int parameter, double part) {
        HostTensor from = each.initial(parameter);
        HostTensor to = each.after(step, parameter);
        HostTensor there = HostTensor.allocate(from.shape());
        for (int i = 0; i < from.elements(); i++) {
            there.put(i, (float) (from.get(i) + part * ((double) to.get(i) - from.get(i))));
        }
        return there;
    }
}
