@echo off
rem run.cmd [FILE...]: opens MLIPViewer on the shipped example or on your files. Untested.
setlocal
set ROOT=%~dp0
set UV=%ROOT%.tools\Scripts\uv.exe
set UV_COMPILE_BYTECODE=1
set UV_SYSTEM_CERTS=true
if not exist "%UV%" (
    py -3 -m venv "%ROOT%.tools" || exit /b 1
    "%ROOT%.tools\Scripts\python" -m pip install --quiet --require-hashes -r "%ROOT%packaging\uv.txt" || exit /b 1
)
if not exist "%ROOT%.venv" (
    "%UV%" venv --quiet --python ">=3.11,<3.15" "%ROOT%.venv" || exit /b 1
)
fc /b "%ROOT%packaging\lock.txt" "%ROOT%.venv\lock.txt" >nul 2>&1 || (
    "%UV%" pip sync --quiet --python "%ROOT%.venv" --require-hashes "%ROOT%packaging\lock.txt" || exit /b 1
    "%UV%" pip install --quiet --python "%ROOT%.venv" --no-deps --build-constraints "%ROOT%packaging\build.txt" --editable "%ROOT%." || exit /b 1
    copy /y "%ROOT%packaging\lock.txt" "%ROOT%.venv\lock.txt" >nul
)
if "%~1"=="" (
    "%ROOT%.venv\Scripts\python" -P -m mlipviewer --example
) else (
    "%ROOT%.venv\Scripts\python" -P -m mlipviewer %*
)
