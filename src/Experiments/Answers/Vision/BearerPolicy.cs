using System.ClientModel.Primitives;

namespace Experiments.Answers.Vision;

/// <summary>Sends the key, if there is one: the client's own way of it always sends some.</summary>
internal sealed class BearerPolicy(VisionSettings settings) : AuthenticationPolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Set(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Set(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Set(PipelineMessage message)
    {
        if (settings.HasKey)
        {
            message.Request.Headers.Set("Authorization", settings.Authorization);
        }
    }
}
