using Microsoft.Extensions.Logging;

namespace NetLab.Core.Peers;

/// <summary>What Kestrel reports of requests that never reach the application.</summary>
internal interface IKestrelReports
{
    /// <summary>A request that is none, or is too long.</summary>
    void BadRequest(string connection, int status, string reason);

    /// <summary>A connection that was closed at once because too many are open.</summary>
    void Rejected();
}

/// <summary>Kestrel's log, of which few lines matter here.</summary>
internal sealed class KestrelLog(IKestrelReports reports) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        switch (eventId.Name)
        {
            case "ConnectionBadRequest" when exception is Microsoft.AspNetCore.Http.BadHttpRequestException bad:
                reports.BadRequest(Connection(state), bad.StatusCode, bad.Message);
                break;
            case "ConnectionRejected":
                reports.Rejected();
                break;
        }
    }

    public void Dispose()
    {
    }

    private static string Connection<TState>(TState state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                if (name == "ConnectionId" && value is string id)
                    return id;
            }
        }

        return "";
    }
}
