using NetLab.Core.Peers;

namespace NetLab.Core.Session;

/// <summary>The HTTP requests of a session, of which one at a time goes on. It belongs to one thread.</summary>
/// <param name="clock">The kernel's clock.</param>
public sealed class HttpSession(Func<Timestamp> clock) : IDisposable
{
    /// <summary>How many requests are kept.</summary>
    public const int Bound = 20;

    private readonly List<HttpRun> _runs = [];
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    /// <summary>The requests, the oldest first.</summary>
    public IReadOnlyList<HttpRun> Runs => _runs;

    /// <summary>Asks; a request that goes on is stopped.</summary>
    public HttpRun Ask(HttpRequestSpecification specification)
    {
        Stop();
        if (_runs.Count == Bound)
            _runs.RemoveAt(0);
        var run = new HttpRun(specification, clock);
        _runs.Add(run);
        var stop = _stop = new CancellationTokenSource();
        _running = Task.Run(() => HoldAsync(run, stop.Token));
        return run;
    }

    /// <summary>Stops the request that goes on; returns when it has ended.</summary>
    public void Stop()
    {
        _stop?.Cancel();
        _running.Wait();
        _stop?.Dispose();
        _stop = null;
    }

    /// <summary>Stops everything.</summary>
    public void Dispose() => Stop();

    private static async Task HoldAsync(HttpRun run, CancellationToken stop)
    {
        try
        {
            await run.RunAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was stopped; what it has done up to then stays.
        }
    }
}
