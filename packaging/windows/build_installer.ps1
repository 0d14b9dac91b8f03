# Makes the Windows installer, from the lock, on Windows:
#
#   powershell packaging\windows\build_installer.ps1 [-Work build]
#
# Needs Python 3.11 or 3.12 (as `py`), and NSIS. With SIGN (a signtool command that signs the file
# that follows it) the programs, the installer and the uninstaller are signed.
param([string]$Work = "build")
$ErrorActionPreference = "Stop"
$root = (Resolve-Path "$PSScriptRoot\..\..").Path
New-Item -ItemType Directory -Force $Work | Out-Null
$Work = (Resolve-Path $Work).Path
function Check { if ($LASTEXITCODE -ne 0) { throw "exit code $LASTEXITCODE" } }

py -3.12 -m venv "$Work\tools"; Check
& "$Work\tools\Scripts\python" -m pip install --quiet --require-hashes --only-binary :all: -r "$root\packaging\uv.txt"; Check
$uv = "$Work\tools\Scripts\uv.exe"
$python = "$Work\environment\Scripts\python.exe"
& $uv venv --quiet --clear --python 3.12 "$Work\environment"; Check
& $uv pip compile --quiet --python $python --no-emit-index-url --no-annotate --no-header --generate-hashes `
    --constraint "$root\packaging\lock.txt" --extra formats "$root\pyproject.toml" -o "$Work\runtime.txt"; Check
& $uv pip sync --quiet --python $python --require-hashes "$Work\runtime.txt"; Check
& $uv pip install --quiet --python $python -r "$root\packaging\freezer.txt"; Check
& $uv build --quiet --wheel --build-constraints "$root\packaging\build.txt" -o "$Work\wheel" $root; Check
& $uv pip install --quiet --python $python --no-deps --reinstall (Get-ChildItem "$Work\wheel\*.whl").FullName; Check
$env:QT_QPA_PLATFORM = "offscreen"
& $python "$root\packaging\icons.py" "$Work\icons"; Check
$env:MLIPVIEWER_ICON = "$Work\icons\mlipviewer.ico"
Push-Location $Work
& $python "$root\packaging\freeze.py" "$Work\mlipviewer"; Check
Pop-Location
& $python "$root\packaging\licences.py" "$Work\mlipviewer" "$Work\runtime.txt"; Check
$version = ((& "$Work\mlipviewer\mlipviewer-cli.exe" --version) -split " ")[1]; Check
$sign = @()
if ($env:SIGN) {
    foreach ($name in "mlipviewer.exe", "mlipviewer-cli.exe") { cmd /c "$env:SIGN `"$Work\mlipviewer\$name`""; Check }
    $sign = @("-DSIGN=$env:SIGN")
}
& makensis -V2 "-DVERSION=$version" "-DSRC=$Work\mlipviewer" "-DICON=$Work\icons\mlipviewer.ico" `
    "-DOUT=$Work\mlipviewer-$version-setup.exe" @sign "$root\packaging\windows\installer.nsi"; Check
Get-ChildItem "$Work\*.exe"
