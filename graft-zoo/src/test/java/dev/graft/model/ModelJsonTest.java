package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.AveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Flatten;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.Normalization;
import dev.graft.layers.Padding;
import dev.graft.layers.Rescaling;
import dev.graft.zoo.Zoo;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model comes back from JSON as it was, and no JSON does more than fail. */
@Tag("slow")
class ModelJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Model throughText(Model model) throws JsonProcessingException {
        return ModelJson.read(JSON.readTree(ModelJson.write(model).toString()));
    }

    /** A pinned model within a free one within a pinned one, and a graph with branches. */
    private static Model nested() {
        Node in = Node.input(4, 6, 6);
        Node branch = in.then("pool", AveragePooling2D.of(3));
        Node other = in.then("max", MaxPooling2D.of(3));
        Model innermost = Model.of(
                "innermost",
                in,
                Node.of("join", new Concatenate(), branch, other)
                        .then("norm", BatchNormalization.of(1e-3).withMomentum(0.01)));
        Node middle = Node.input(4, 6, 6);
        Model free = Model.of(
                "free",
                middle,
                middle.then("inner", innermost.inInferenceMode())
                        .then("act", Activation.of(Activation.Kind.HARD_SWISH))
                        .then("drop", Dropout.of(0.25)));
        Node input = Node.input(3, 12, 12);
        Node a = input.then("normal", Normalization.ofPixels(List.of(.1, .2, .3), List.of(.4, .5, .6)))
                .then("conv", Conv2D.of(4, 3).stride(2).padding(Padding.same()).noBias());
        Node b = input.then("scale", Rescaling.of(0.5))
                .then("conv2", Conv2D.of(4, 3).stride(2).padding(1));
        Node body = Node.of("add", new Add(), a, b).then("body", free.inInferenceMode());
        Node flat = body.then("flat", new Flatten()).then("hidden", Dense.of(5).noBias());
        Node mean = body.then("mean", GlobalAveragePooling2D.of());
        return Model.of("outer", List.of(input), List.of(flat, mean));
    }

    @Test
    void nestedAndPinnedModelsComeBack() throws JsonProcessingException {
        Model model = nested();
        Model back = throughText(model);
        assertThat(back.name()).isEqualTo("outer");
        assertThat(Program.of(back)).isEqualTo(Program.of(model));
        assertThat(Program.of(back).weightShapes()).isEqualTo(Program.of(model).weightShapes());
        assertThat(Program.of(back).steps().stream()
                        .filter(Program.Step::inference)
                        .map(Program.Step::path))
                .containsExactly(
                        "body.inner.pool",
                        "body.inner.max",
                        "body.inner.join",
                        "body.inner.norm",
                        "body.act",
                        "body.drop");
        assertThat(ModelJson.write(back)).isEqualTo(ModelJson.write(model));
    }

    @Test
    void aModelOfTheZooComesBack() throws JsonProcessingException {
        Model model = Zoo.pretrained(Zoo.DEFAULT).backbone(64).model();
        assertThat(Program.of(throughText(model))).isEqualTo(Program.of(model));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "{'name':'m'}",
                "{'name':7,'inputs':[[1]],'nodes':[],'outputs':[0]}",
                "{'name':'m','inputs':{},'nodes':[],'outputs':[0]}",
                "{'name':'m','inputs':[['a']],'nodes':[],'outputs':[0]}",
                "{'name':'m','inputs':[[0]],'nodes':[],'outputs':[0]}",
                "{'name':'m','inputs':[[2147483648]],'nodes':[],'outputs':[0]}",
                "{'name':'m','inputs':[[1]],'nodes':[],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[],'outputs':['0']}",
                "{'name':'m','inputs':[[1]],'nodes':[7],'outputs':[0]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Dense','inputs':[0]}],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Dense','config':{},'inputs':[0]}],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Dense','config':{'units':2,'useBias':true},"
                        + "'inputs':[1]}],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Dense','config':{'units':2,'useBias':true},"
                        + "'inputs':[]}],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Add','config':{},'inputs':[0]}],'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','layer':'Nothing','config':{},'inputs':[0]}],"
                        + "'outputs':[1]}",
                "{'name':'m','inputs':[[1]],'nodes':[{'name':'d','model':{},'inputs':[0]}],'outputs':[1]}",
                "{'name':'m','inputs':[[3,4,4]],'nodes':[{'name':'c','layer':'Conv2D','config':{'filters':2,"
                        + "'kernelHeight':2147483647,'kernelWidth':2147483647,'stride':1,'padding':{'kind':'pixels',"
                        + "'top':2147483647,'left':2147483647,'bottom':2147483647,'right':2147483647},'dilation':2147483647,"
                        + "'groups':1,'useBias':true},'inputs':[0]}],'outputs':[1]}",
                "{'name':'m','inputs':[[2]],'nodes':[{'name':'d','layer':'Flatten','config':{},'inputs':[0]},"
                        + "{'name':'d','layer':'Flatten','config':{},'inputs':[1]}],'outputs':[2]}",
            })
    void whatIsNoSoundModelIsRefused(String json) throws JsonProcessingException {
        var tree = JSON.readTree(json.replace('\'', '"'));
        assertThatThrownBy(() -> ModelJson.read(tree)).isInstanceOf(GraftException.class);
    }

    @Test
    void modelsNestedWithoutEndAreRefused() throws JsonProcessingException {
        String json = "{\"name\":\"m\",\"inputs\":[[1]],\"nodes\":[],\"outputs\":[0]}";
        for (int i = 0; i < 20; i++) {
            json = "{\"name\":\"m\",\"inputs\":[[1]],\"nodes\":[{\"name\":\"n\",\"inputs\":[0],\"model\":" + json
                    + "}],\"outputs\":[1]}";
        }
        var tree = JSON.readTree(json);
        assertThatThrownBy(() -> ModelJson.read(tree))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("nested deeper than 8");
    }
}
