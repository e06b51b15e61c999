#!/usr/bin/env dotnet
// What each block of the text encoder does to two prompts: how long its states are, how far it turns them, how far the prompts are apart.
// On the sources of a clone: dotnet run --file samples/SingleFile/states.cs -- models/mini-sd "a red car" "a blue car"
#:project ../../src/Lens
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false
using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

NativeRuntime.TuneProcess();
using DisposeScope scope = NewDisposeScope();
using TextToImageModel model = TextToImageModel.Load(args[0]);
Lens lens = new(model);
using PromptEncoding first = lens.Encode(args[1]), second = lens.Encode(args[2]);
IReadOnlyList<Tensor> one = first.Encoders[0].States, other = second.Encoders[0].States;

Console.WriteLine("layer  length  turned by the block  between the prompts");
for (int layer = 0; layer < one.Count; layer++)
{
    string turned = layer == 0 ? "" : $"{Cosine(one[layer], one[layer - 1]):0.000}";
    double length = one[layer].norm(dim: -1).mean().ToDouble();
    Console.WriteLine($"{layer,5}  {length,6:0.0}  {turned,19}  {Cosine(one[layer], other[layer]),19:0.000}");
}

// The mean over positions of the cosine between states [1, positions, width].
static double Cosine(Tensor states, Tensor others) => nn.functional.cosine_similarity(states, others, dim: -1).mean().ToDouble();
