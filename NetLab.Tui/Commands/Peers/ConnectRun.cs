using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>How bytes are shown.</summary>
internal enum ByteForm
{
    /// <summary>As text where they are text, else as hex.</summary>
    Text,

    /// <summary>As hex.</summary>
    Hex,
}

/// <summary>One connection of <c>netlab connect</c>, from its beginning to its end.</summary>
internal sealed class ConnectRun(CommandContext context, PeerSpecification specification)
{
    private const int InputSize = 64 * 1024;
    private const int Look = 20; // ms: how late what waits for its turn is printed

    /// <summary>Connects, and returns when the connection has ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(TimelineForm form, ByteForm bytes) =>
        form == TimelineForm.Json || context.OutputIsTerminal ? RunShown(form, bytes) : RunPiped();

    /// <summary>Waits for the end of a task.</summary>
    /// <returns>False when the wait was interrupted.</returns>
    public static bool Await(Task task, CancellationToken interrupt)
    {
        try
        {
            task.Wait(interrupt);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Between pipes only the bytes count.
    private int RunPiped()
    {
        var output = new PipedOutput(context.OutputBytes);
        using var client = new StreamClient(specification, new PeerRecorder(new Journal(), context.Clock)) { Reader = output };
        if (Begin(client) is { } refusal)
            return ServeCommand.Complain(context, refusal);
        bool isOver = Await(client.Completion, context.Interrupt);
        client.Stop();
        if (output.Failure is { } failure)
            throw failure;
        return Result(client, isOver);
    }

    private int RunShown(TimelineForm form, ByteForm bytes)
    {
        using var timeline = new ConnectTimeline(context, specification.Port, form, bytes);
        using var client = (StreamClient)Peer.Create(specification, timeline.Recorder, timeline);
        if (Begin(client) is { } refusal)
            return ServeCommand.Complain(context, refusal);
        bool isInterrupted = false;
        while (!client.Completion.IsCompleted && !isInterrupted)
        {
            timeline.Print(context.Clock(), client);
            isInterrupted = timeline.Wait(Look, context.Interrupt);
        }

        client.Stop();
        timeline.Finish(client);
        return Result(client, !isInterrupted);
    }

    // A text that is given on the command line is all there is to be sent.
    private PeerRefusal? Begin(StreamClient client)
    {
        bool isFed = specification is { Kind: PeerKind.Connect, Text: null };
        if (specification.Text is not null)
            client.AfterText = AfterText.FinishSending;
        var refusal = client.Start();
        if (refusal is null && isFed)
            Feed(client);
        return refusal;
    }

    private int Result(StreamClient client, bool isOver)
    {
        if (!isOver)
            return ExitCode.Interrupted;
        return client.Refusal is { } failure ? ServeCommand.Complain(context, failure) : ExitCode.Done;
    }

    // On a thread of its own, which is left behind when the server has closed: a read of a terminal cannot be taken back.
    private void Feed(StreamClient client) => new Thread(() =>
    {
        client.Opened.Wait();
        byte[] buffer = new byte[InputSize];
        while (context.InputBytes.Read(buffer) is > 0 and var count)
        {
            if (!client.Send(buffer.AsMemory(0, count)))
                return;
        }

        if (!context.Interrupt.IsCancellationRequested)
            client.FinishSending();
    })
    { IsBackground = true, Name = "input" }.Start();

    /// <summary>Writes what comes to standard output as it is.</summary>
    private sealed class PipedOutput(Stream output) : IStreamReader
    {
        private volatile IOException? _failure;

        /// <summary>Why standard output takes nothing any more; null while it does.</summary>
        public IOException? Failure => _failure;

        public bool Received(ReadOnlySpan<byte> bytes)
        {
            try
            {
                output.Write(bytes);
                output.Flush();
                return true;
            }
            catch (IOException failure)
            {
                _failure = failure;
                return false;
            }
        }

        public void Ended()
        {
        }
    }
}
