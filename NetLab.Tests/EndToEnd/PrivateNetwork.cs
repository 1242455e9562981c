using NetLab.Core.Interop;
using NetLab.Tests.Kernel;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>
/// A network namespace whose lo and whose ports belong to one test alone, free of what lingers of another, held open by a small shell. Where there is no root there is none,
/// and what needs it is skipped.
/// </summary>
public sealed class PrivateNetwork : IDisposable
{
    private const string Holder = "ip link set lo up && echo ready && read -r line";
    private readonly RunningProgram? _holder;

    public PrivateNetwork()
    {
        Folder = Directory.CreateTempSubdirectory("netlab-end-").FullName;
        if (!Mount.IsRoot)
            return;
        _holder = RunningProgram.Start(["unshare", "-n", "sh", "-c", Holder]);
        _holder.Await("ready");
    }

    /// <summary>A scratch folder that everybody may read.</summary>
    public string Folder { get; }

    /// <summary>The program that was built beside the tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "netlab");

    /// <summary>The namespace's path, for <see cref="NetworkNamespace.Within"/>.</summary>
    public string Namespace
    {
        get
        {
            KernelAccess.RequireRoot();
            return $"/proc/{_holder!.Id}/ns/net";
        }
    }

    /// <summary>What lets a command run in this network; it replaces itself with the command, so that the process number is the command's.</summary>
    public string[] Prefix => ["nsenter", $"--net={Namespace}", "--"];

    /// <summary>What makes an ordinary user of root.</summary>
    public static string[] OrdinaryUser => ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    /// <summary>A copy of the program where every user may run it.</summary>
    public string ProgramForEverybody
    {
        get
        {
            string folder = Path.Combine(Folder, "program");
            if (Directory.Exists(folder))
                return Path.Combine(folder, "netlab");
            Everybody(Folder);
            Everybody(Directory.CreateDirectory(folder).FullName);
            foreach (string pattern in new[] { "netlab.*", "NetLab.Core.dll", "System.CommandLine.dll" })
            {
                foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
                {
                    string copy = Path.Combine(folder, Path.GetFileName(file));
                    File.Copy(file, copy, overwrite: true);
                    Everybody(copy);
                }
            }

            return Path.Combine(folder, "netlab");
        }
    }

    /// <summary>Writes a file into the scratch folder.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Starts netlab in this network.</summary>
    public RunningProgram Start(params string[] arguments) => RunningProgram.Start([.. Prefix, Program, .. arguments]);

    /// <summary>Runs netlab in this network to its end.</summary>
    public Ended Run(params string[] arguments) => Start(arguments).WaitForEnd();

    /// <summary>Opens the interface in this network on a terminal.</summary>
    public PseudoTerminal Open(int columns, int rows, Dictionary<string, string?>? environment = null)
    {
        Dictionary<string, string?> variables = new() { ["LC_ALL"] = "C.UTF-8", ["NO_COLOR"] = null, ["COLORTERM"] = null };
        foreach (var (name, value) in environment ?? [])
            variables[name] = value;
        string[] command = [.. Prefix, Program];
        return PseudoTerminal.Start(command[0], command[1..], variables, columns, rows);
    }

    public void Dispose()
    {
        _holder?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static void Everybody(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0x1ED); // rwxr-xr-x
    }
}
